package dev.gantry.contract;

import dev.gantry.spi.ArtifactException;
import dev.gantry.spi.Attempt;
import dev.gantry.spi.Capabilities;
import dev.gantry.spi.Collector;
import dev.gantry.spi.ExecutionException;
import dev.gantry.spi.Failure;
import dev.gantry.spi.Failure.Actor;
import dev.gantry.spi.Failure.Code;
import dev.gantry.spi.Failure.Progress;
import dev.gantry.spi.Handle;
import dev.gantry.spi.Health;
import dev.gantry.spi.LogSink;
import dev.gantry.spi.Outcome;
import dev.gantry.spi.OwnedResource;
import dev.gantry.spi.Probe;
import dev.gantry.spi.ProvisionException;
import dev.gantry.spi.RunnerAdapter;
import dev.gantry.spi.TeardownException;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * An adapter some of whose calls never arrive, are throttled, or are carried out without that
 * anybody hears of it. Its failures are as honest as those of the adapter must be.
 */
final class ShakyAdapter implements RunnerAdapter {
    private static final int NEVER_SENT_PERCENT = 15;
    private static final int THROTTLED_PERCENT = 5;
    private static final int LOST_PERCENT = 10;

    private final RunnerAdapter real;
    private final Random dice;

    /** Whether a call that watches the work can be lost, because it can be asked for again. */
    private final boolean losesSight;

    ShakyAdapter(RunnerAdapter real, Random dice, boolean losesSight) {
        this.real = real;
        this.dice = dice;
        this.losesSight = losesSight;
    }

    /**
     * @param failure null if the call goes well
     * @param arrives whether it reaches the backend
     */
    private record Fate(@Nullable Failure failure, boolean arrives) {}

    private Fate draw(Progress progress) {
        int drawn = dice.nextInt(100);
        if (drawn < NEVER_SENT_PERCENT) {
            return new Fate(unavailable(progress), false);
        }
        if (drawn < NEVER_SENT_PERCENT + THROTTLED_PERCENT) {
            Failure throttled =
                    new Failure(
                            Code.THROTTLED,
                            "too many requests, says the kit",
                            Actor.THROTTLED,
                            true,
                            progress);
            return new Fate(throttled, false);
        }
        return drawn < NEVER_SENT_PERCENT + THROTTLED_PERCENT + LOST_PERCENT
                ? new Fate(unavailable(progress), true)
                : new Fate(null, true);
    }

    private static Failure unavailable(Progress progress) {
        return new Failure(
                Code.BACKEND_UNAVAILABLE,
                "the connection was reset by the kit",
                Actor.BACKEND,
                true,
                progress);
    }

    @Override
    public Capabilities capabilities() {
        return real.capabilities();
    }

    @Override
    public Health health() {
        return real.health();
    }

    @Override
    public Handle provision(Attempt attempt) throws ProvisionException {
        Fate fate = draw(Progress.NEVER_STARTED);
        Handle handle = fate.arrives() ? real.provision(attempt) : null;
        if (fate.failure() != null || handle == null) {
            throw new ProvisionException(
                    fate.failure() == null ? unavailable(Progress.NEVER_STARTED) : fate.failure());
        }
        return handle;
    }

    @Override
    public CompletableFuture<Outcome> run(Handle handle, Attempt attempt, LogSink logs) {
        return watched(() -> real.run(handle, attempt, logs));
    }

    @Override
    public CompletableFuture<Outcome> reattach(Handle handle, Attempt attempt, LogSink logs) {
        return watched(() -> real.reattach(handle, attempt, logs));
    }

    private interface Watched {
        CompletableFuture<Outcome> begin();
    }

    private CompletableFuture<Outcome> watched(Watched call) {
        Fate fate = losesSight ? draw(Progress.MAY_HAVE_COMMITTED) : new Fate(null, true);
        CompletableFuture<Outcome> outcome =
                fate.arrives() ? call.begin() : new CompletableFuture<>();
        return fate.failure() == null
                ? outcome
                : CompletableFuture.failedFuture(new ExecutionException(fate.failure()));
    }

    @Override
    public Probe probe(Handle handle, Attempt attempt) {
        Fate fate = draw(Progress.MAY_HAVE_COMMITTED);
        return fate.failure() == null
                ? real.probe(handle, attempt)
                : new Probe.Unknown(fate.failure().message());
    }

    @Override
    public CompletableFuture<Void> cancel(Handle handle, Duration grace) {
        Fate fate = draw(Progress.MAY_HAVE_COMMITTED);
        CompletableFuture<Void> dead =
                fate.arrives() ? real.cancel(handle, grace) : new CompletableFuture<>();
        return fate.failure() == null
                ? dead
                : CompletableFuture.failedFuture(new ExecutionException(fate.failure()));
    }

    @Override
    public void collect(Handle handle, Attempt attempt, Collector collector)
            throws ArtifactException {
        Fate fate = draw(Progress.ENDED);
        if (fate.arrives()) {
            real.collect(handle, attempt, collector);
        }
        if (fate.failure() != null) {
            throw new ArtifactException(fate.failure());
        }
    }

    @Override
    public void teardown(Handle handle) throws TeardownException {
        Fate fate = draw(Progress.ENDED);
        if (fate.arrives()) {
            real.teardown(handle);
        }
        if (fate.failure() != null) {
            throw new TeardownException(fate.failure());
        }
    }

    @Override
    public List<OwnedResource> owned() throws ExecutionException {
        Fate fate = draw(Progress.NEVER_STARTED);
        if (fate.failure() != null) {
            throw new ExecutionException(fate.failure());
        }
        return real.owned();
    }

    @Override
    public void close() {
        real.close();
    }
}
