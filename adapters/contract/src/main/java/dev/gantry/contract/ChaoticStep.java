package dev.gantry.contract;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.InstanceOfAssertFactories.type;

import dev.gantry.spi.ArtifactException;
import dev.gantry.spi.Attempt;
import dev.gantry.spi.Capability;
import dev.gantry.spi.ExecutionException;
import dev.gantry.spi.Failure.Progress;
import dev.gantry.spi.Handle;
import dev.gantry.spi.Outcome;
import dev.gantry.spi.Probe;
import dev.gantry.spi.ProvisionException;
import dev.gantry.spi.RunnerAdapter;
import dev.gantry.spi.TeardownException;
import java.time.Duration;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/**
 * Takes one attempt through its life as Gantry does, with a {@link ShakyAdapter} and a process that
 * may be killed between any two calls. What outlives a process is what Gantry journals: the handle
 * once it is known, and the log bytes that were stored.
 */
final class ChaoticStep {
    private static final Duration SHORTEST_PAUSE = Duration.ofMillis(5);

    private final Bench bench;
    private final Attempt attempt;
    private final Behaviour behaviour;
    private final boolean isCancelled;
    private final Random dice;
    private final LogStore logs;
    private final boolean canResume;
    private final long end;
    private RecordingSink sink;
    private RunnerAdapter adapter;
    private @Nullable Exception failure;

    ChaoticStep(Bench bench, Behaviour behaviour, boolean isCancelled, Random dice) {
        this.bench = bench;
        this.attempt =
                Attempts.withInput(
                        bench.attempts.of(behaviour), "{\"n\":%d}".formatted(dice.nextInt(1_000)));
        this.behaviour = behaviour;
        this.isCancelled = isCancelled;
        this.dice = dice;
        this.logs = isPattern(behaviour) ? LogStore.ofPattern() : new LogStore();
        this.canResume = bench.adapter().capabilities(attempt.workload()).can(Capability.REATTACH);
        this.end = System.nanoTime() + bench.fixture.patience().toNanos();
        this.sink = logs.sink();
        this.adapter = process();
    }

    private RunnerAdapter process() {
        RunnerAdapter real = canResume ? bench.another() : bench.adapter();
        return new ShakyAdapter(real, dice, canResume);
    }

    /** By the dice, if another process can go on. */
    private boolean isKilled() {
        if (!canResume || dice.nextInt(4) > 0) {
            return false;
        }
        sink.cut();
        adapter.close();
        adapter = process();
        return true;
    }

    /** Before the same is tried again; not for ever. */
    private void pause(String what) {
        assertThat(System.nanoTime())
                .as("%s: still not done in the end; last: %s", what, failure)
                .isLessThan(end);
        Pause.of(SHORTEST_PAUSE);
    }

    void live() throws Exception {
        Handle handle = provisioned();
        Outcome outcome = ended(handle);
        collect(handle);
        release(handle);
        assertEnding(outcome);
        assertThat(bench.fixture.runs(attempt)).as("runs of %s", attempt).isLessThanOrEqualTo(1);
        switch (behaviour) {
            case Behaviour.Print(long stdout, long stderr) -> logs.assertComplete(stdout, stderr);
            case Behaviour.Tick(int lines, _) ->
                    logs.assertComplete((long) lines * LogPattern.LINE_BYTES, 0);
            default -> logs.assertNoViolation();
        }
    }

    private static boolean isPattern(Behaviour behaviour) {
        return behaviour instanceof Behaviour.Print || behaviour instanceof Behaviour.Tick;
    }

    private Handle provisioned() throws ProvisionException {
        while (true) {
            try {
                Handle handle = adapter.provision(attempt);
                if (!isKilled()) {
                    return Handle.fromBytes(handle.toBytes());
                }
            } catch (ProvisionException e) {
                failure = e;
                assertThat(e.failure().retryable()).as("%s", e.failure()).isTrue();
                isKilled();
            }
            pause("provision");
        }
    }

    private Outcome ended(Handle handle) throws Exception {
        // This process knows that it has not begun; any other one asks.
        boolean isUntouched = !isKilled();
        while (true) {
            Probe probe = isUntouched ? new Probe.NeverStarted() : adapter.probe(handle, attempt);
            isUntouched = false;
            CompletableFuture<Outcome> observed =
                    switch (probe) {
                        case Probe.NeverStarted _ -> adapter.run(handle, attempt, anew());
                        case Probe.Running _ -> adapter.reattach(handle, attempt, anew());
                        case Probe.Done(Outcome outcome) ->
                                CompletableFuture.completedFuture(outcome);
                        case Probe.Gone _ ->
                                throw new AssertionError(
                                        attempt + " is gone, and nobody removed it");
                        case Probe.Unknown(String reason) ->
                                CompletableFuture.failedFuture(new IllegalStateException(reason));
                    };
            Pause.of(
                    Duration.ofMillis(
                            dice.nextInt(1 + (int) bench.fixture.moment().toMillis() / 4)));
            if (isKilled()) {
                continue;
            }
            if (isCancelled && !(probe instanceof Probe.Unknown)) {
                return cancelled(handle, observed);
            }
            Outcome outcome = seen(observed);
            if (outcome != null) {
                return outcome;
            }
            pause("run");
        }
    }

    private RecordingSink anew() {
        sink.cut();
        sink = logs.sink();
        return sink;
    }

    /** What was observed, or null if sight was lost of it. */
    private @Nullable Outcome seen(CompletableFuture<Outcome> observed)
            throws InterruptedException {
        try {
            return observed.get(end - System.nanoTime(), TimeUnit.NANOSECONDS);
        } catch (TimeoutException e) {
            throw new AssertionError(attempt + " has no end", e);
        } catch (java.util.concurrent.ExecutionException e) {
            if (e.getCause() instanceof ExecutionException lost) {
                assertThat(lost.failure().progress())
                        .as("%s", lost.failure())
                        .isEqualTo(Progress.MAY_HAVE_COMMITTED);
            } else if (!(e.getCause() instanceof IllegalStateException)) {
                throw new AssertionError(e.getCause());
            }
            return null;
        }
    }

    /** Until its death is confirmed, by whichever process. */
    private Outcome cancelled(Handle handle, CompletableFuture<Outcome> observed)
            throws InterruptedException {
        boolean isObserved = true;
        while (true) {
            try {
                adapter.cancel(handle, Duration.ZERO)
                        .get(end - System.nanoTime(), TimeUnit.NANOSECONDS);
                break;
            } catch (TimeoutException e) {
                throw new AssertionError(attempt + " is not confirmed to be dead", e);
            } catch (java.util.concurrent.ExecutionException e) {
                failure = e;
                assertThat(e.getCause()).isInstanceOf(ExecutionException.class);
                isObserved &= !isKilled();
                pause("cancel");
            }
        }
        assertThat(bench.fixture.alive(attempt)).as("%s is alive", attempt).isFalse();
        Outcome outcome = isObserved ? seen(observed) : null;
        return outcome == null ? new Outcome.Cancelled(Outcome.Usage.UNKNOWN) : outcome;
    }

    private void collect(Handle handle) {
        while (true) {
            isKilled();
            RecordingCollector collector = new RecordingCollector(logs);
            try {
                adapter.collect(handle, attempt, collector);
                return;
            } catch (ArtifactException e) {
                failure = e;
                assertThat(e.failure().retryable()).as("%s", e.failure()).isTrue();
            }
            pause("collect");
        }
    }

    private void release(Handle handle) throws Exception {
        boolean again =
                adapter.capabilities(attempt.workload()).can(Capability.IDEMPOTENT_TEARDOWN);
        while (true) {
            isKilled();
            try {
                adapter.teardown(handle);
                return;
            } catch (TeardownException e) {
                failure = e;
                // Where it may not be asked for again, the reaper looks whether it is there.
                if (!again && bench.ownedFor(attempt).isEmpty()) {
                    return;
                }
            }
            pause("teardown");
        }
    }

    private void assertEnding(Outcome outcome) {
        if (isCancelled) {
            assertThat(outcome).as("%s", attempt).isInstanceOf(Outcome.Cancelled.class);
        } else if (behaviour instanceof Behaviour.Fail) {
            assertThat(outcome)
                    .as("%s", attempt)
                    .asInstanceOf(type(Outcome.Failed.class))
                    .extracting(failed -> failed.failure().progress())
                    .isEqualTo(Progress.ENDED);
        } else {
            assertThat(outcome).as("%s", attempt).isInstanceOf(Outcome.Succeeded.class);
        }
        if (behaviour instanceof Behaviour.Echo
                && outcome instanceof Outcome.Succeeded(byte[] output, _)) {
            assertThat(new String(output, UTF_8).strip())
                    .as("result of %s", attempt)
                    .isEqualTo(new String(attempt.input(), UTF_8));
        }
    }
}
