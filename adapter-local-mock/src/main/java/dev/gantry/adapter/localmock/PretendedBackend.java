package dev.gantry.adapter.localmock;

import dev.gantry.spi.ArtifactException;
import dev.gantry.spi.Attempt;
import dev.gantry.spi.Collector;
import dev.gantry.spi.ExecutionException;
import dev.gantry.spi.Failure;
import dev.gantry.spi.Failure.Progress;
import dev.gantry.spi.LogSink;
import dev.gantry.spi.Outcome;
import dev.gantry.spi.Probe;
import dev.gantry.spi.ProvisionException;
import dev.gantry.spi.TeardownException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Does with {@link Resources} what a backend does with containers. */
final class PretendedBackend {
    private static final long FOREVER = Long.MAX_VALUE;
    private static final Duration LOOK_AGAIN = Duration.ofMillis(20);

    private final Resources resources;
    private final InstantSource clock;
    private final Observations observations = new Observations();

    PretendedBackend(Resources resources, InstantSource clock) {
        this.resources = resources;
        this.clock = clock;
    }

    boolean isShared() {
        return resources.areShared();
    }

    /** Whether a step of this name has left a trace in this process. */
    boolean knows(String name) {
        return !isShared() && resources.find(name) != null;
    }

    List<Resource> all() {
        return resources.all();
    }

    /** Adopts what is there of this attempt, and replaces what is there of an earlier one. */
    void create(Attempt attempt, Faults faults) throws ProvisionException {
        Identity id = Identity.of(attempt);
        Instant now = clock.instant();
        Event.Provisioned creation =
                new Event.Provisioned(
                        id,
                        now,
                        attempt.context().labels(),
                        faults.cancelUnconfirmed() ? -1 : faults.ignoreStop().toMillis(),
                        faults.teardownTimes());
        Resource facts =
                resources
                        .decide(id.name(), before -> mayReplace(before, id, now) ? creation : null)
                        .facts();
        if (facts != null && facts.id().attempt() > id.attempt()) {
            throw new ProvisionException(Mishaps.superseded(facts.id(), id.attempt()));
        }
        if (facts == null || facts.id().attempt() != id.attempt()) {
            throw new ProvisionException(Mishaps.undead(facts == null ? id : facts.id()));
        }
        observations.wake(id.name());
    }

    /** An earlier attempt is killed by replacing it, unless nobody could tell that it is dead. */
    private static boolean mayReplace(@Nullable Resource before, Identity id, Instant now) {
        if (before == null) {
            return true;
        }
        boolean undead = before.stopMillis() < 0 && before.at(now) == Resource.State.RUNNING;
        return before.id().attempt() < id.attempt() && !undead;
    }

    CompletableFuture<Outcome> run(Plan plan, LogSink sink, Consumer<Attempt> onRun) {
        Identity id = Identity.of(plan.attempt);
        Instant now = clock.instant();
        Event.Started start = new Event.Started(id, now, plan.lifeMillis(), plan.vanishes());
        Resources.Decided decided =
                resources.decide(id.name(), before -> isWaiting(before, id) ? start : null);
        if (decided.event() != null) {
            onRun.accept(plan.attempt);
        }
        Duration blind = plan.answer.faults().disconnectAfter();
        return observe(decided.facts(), plan, sink, blind == null ? FOREVER : blind.toMillis());
    }

    private static boolean isWaiting(@Nullable Resource facts, Identity id) {
        return facts != null
                && facts.id().attempt() == id.attempt()
                && facts.startedAt() == null
                && facts.dies() == null;
    }

    CompletableFuture<Outcome> reattach(Plan plan, LogSink sink) {
        return observe(resources.find(plan.attempt.externalName()), plan, sink, FOREVER);
    }

    private CompletableFuture<Outcome> observe(
            @Nullable Resource facts, Plan plan, LogSink sink, long blindAfterMillis) {
        Identity id = Identity.of(plan.attempt);
        if (facts == null || facts.id().attempt() != id.attempt()) {
            return CompletableFuture.failedFuture(new ExecutionException(missing(id.name())));
        }
        return observations.begin(
                id.name(), new Observation(resources, clock, plan, sink, blindAfterMillis));
    }

    private Failure missing(String name) {
        return isShared() ? Mishaps.gone(name) : Mishaps.unknownHandle(name);
    }

    Probe probe(Plan plan) {
        Resource facts = resources.find(plan.attempt.externalName());
        if (facts == null || facts.id().attempt() != plan.attempt.context().attempt()) {
            return new Probe.Gone();
        }
        Instant now = clock.instant();
        return switch (facts.at(now)) {
            case CREATED -> new Probe.NeverStarted();
            case RUNNING -> new Probe.Running();
            case ENDED -> new Probe.Done(plan.outcome());
            case CANCELLED ->
                    new Probe.Done(
                            new Outcome.Cancelled(
                                    Outcomes.usage(plan.answer, facts.ranMillis(now))));
            case VANISHED -> new Probe.Gone();
        };
    }

    CompletableFuture<Void> cancel(String name, int attempt, Duration grace) {
        Instant now = clock.instant();
        Resource facts =
                resources
                        .decide(
                                name,
                                before ->
                                        before == null || before.id().attempt() != attempt
                                                ? null
                                                : cancellation(before, now, grace))
                        .facts();
        if (facts == null || facts.id().attempt() != attempt) {
            return CompletableFuture.completedFuture(null);
        }
        observations.wake(name);
        if (facts.at(now) != Resource.State.RUNNING) {
            return CompletableFuture.completedFuture(null);
        }
        if (facts.stopMillis() < 0) {
            return CompletableFuture.failedFuture(
                    new ExecutionException(Mishaps.unconfirmed(name)));
        }
        CompletableFuture<Void> dead = new CompletableFuture<>();
        Thread.startVirtualThread(() -> confirmDeath(facts, dead));
        return dead;
    }

    private void confirmDeath(Resource facts, CompletableFuture<Void> dead) {
        try {
            awaitDeath(facts);
            dead.complete(null);
        } catch (UncheckedIOException e) {
            dead.completeExceptionally(
                    new ExecutionException(Mishaps.ledger(e, Progress.MAY_HAVE_COMMITTED)));
        }
    }

    /** What a request to stop changes, if it comes in time and is heard. */
    private static @Nullable Event cancellation(Resource before, Instant now, Duration grace) {
        Identity id = before.id();
        return switch (before.at(now)) {
            case CREATED -> new Event.Cancelled(id, now, now);
            case RUNNING -> {
                Duration stop = Duration.ofMillis(before.stopMillis());
                Instant dies = now.plus(stop.compareTo(grace) < 0 ? stop : grace);
                yield stop.isNegative() || !dies.isBefore(before.endsAt())
                        ? null
                        : new Event.Cancelled(id, now, dies);
            }
            case ENDED, CANCELLED, VANISHED -> null;
        };
    }

    private void awaitDeath(Resource known) {
        Resource facts = known;
        while (facts != null && facts.id().equals(known.id())) {
            Instant now = clock.instant();
            if (facts.at(now) != Resource.State.RUNNING) {
                return;
            }
            Duration left = Duration.between(now, facts.endsAt());
            // Somebody else may have shortened the grace period meanwhile.
            Duration pause = left.compareTo(LOOK_AGAIN) < 0 ? left : LOOK_AGAIN;
            LockSupport.parkNanos(this, Math.max(1, pause.toNanos()));
            facts = resources.find(known.id().name());
        }
    }

    void collect(Plan plan, Collector collector, boolean interrupted) throws ArtifactException {
        String name = plan.attempt.externalName();
        Resource facts = resources.find(name);
        if (facts == null || facts.id().attempt() != plan.attempt.context().attempt()) {
            throw new ArtifactException(missing(name));
        }
        Instant now = clock.instant();
        Pump.deliver(plan.logs, facts.ranMillis(now), collector, () -> false);
        if (facts.at(now) == Resource.State.ENDED) {
            Harvest.files(plan, collector, interrupted);
        } else if (interrupted) {
            throw new ArtifactException(Mishaps.collectBrokeOff(name, "as scripted"));
        }
    }

    void remove(String name, int attempt) throws TeardownException {
        Instant now = clock.instant();
        Resources.Decided decided =
                resources.decide(
                        name,
                        before ->
                                before == null || before.id().attempt() != attempt
                                        ? null
                                        : removal(before, now));
        if (decided.event() instanceof Event.TeardownFailed) {
            throw new TeardownException(Mishaps.teardownFailed(name));
        }
        observations.wake(name);
    }

    private static Event removal(Resource before, Instant now) {
        int failures = before.teardownFailures();
        return failures > 0
                ? new Event.TeardownFailed(before.id(), now, failures - 1)
                : new Event.TornDown(before.id(), now);
    }

    void close() {
        observations.close();
        resources.close();
    }
}
