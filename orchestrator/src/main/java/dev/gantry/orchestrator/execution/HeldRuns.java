package dev.gantry.orchestrator.execution;

import dev.gantry.orchestrator.engine.Message;
import dev.gantry.orchestrator.engine.StepResult;
import dev.gantry.orchestrator.id.Need;
import dev.gantry.orchestrator.runner.Runners;
import dev.gantry.spi.Failure;
import dev.gantry.spi.Failure.Actor;
import dev.gantry.spi.Failure.Progress;
import dev.gantry.spi.Health;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Attempts whose adapter is away. They take no thread and no place meanwhile; they go on when it is
 * back, elsewhere if another adapter can take them before, and fail when they have waited as long
 * as the platform allows.
 */
final class HeldRuns {
    static final Duration LOOK = Duration.ofMillis(500);
    static final Duration FIRST_PAUSE = Duration.ofMillis(500);
    private static final Duration LONGEST_PAUSE = Duration.ofSeconds(10);
    private static final int MAX_REFUSALS = 4;

    private final Map<StepRun, Hold> holds = new ConcurrentHashMap<>();
    private final Runners runners;
    private final AttemptFactory attempts;
    private final Duration patience;
    private final Clock clock;
    private final Places.Owner owner;
    private final Consumer<StepRun> back;

    /**
     * @param next when it is tried again although the adapter was never seen to be away
     * @param wasAway whether it was
     */
    private record Hold(String reason, Instant next, boolean wasAway) {}

    /**
     * @param back gets what goes on
     */
    HeldRuns(
            Runners runners,
            AttemptFactory attempts,
            Duration patience,
            Clock clock,
            Places.Owner owner,
            Consumer<StepRun> back) {
        this.runners = runners;
        this.attempts = attempts;
        this.patience = patience;
        this.clock = clock;
        this.owner = owner;
        this.back = back;
    }

    int size() {
        return holds.size();
    }

    /** Whether the run waits, because its adapter is known to be away. */
    boolean takes(StepRun run) {
        String away = away(run.ticket.adapter());
        if (away == null) {
            return false;
        }
        hold(run, new Hold(away, clock.instant(), true));
        return true;
    }

    /**
     * The adapter could not take the run now, and did not begin it. Refused again and again by an
     * adapter that is there, it was not the adapter that is away, but an image registry, for
     * example: then that is the attempt's own failure.
     */
    void refused(StepRun run, Failure failure) {
        String kind = run.ticket.adapter();
        if (++run.refusals >= MAX_REFUSALS
                && failure.actor() != Actor.THROTTLED
                && away(kind) == null
                && !run.recovered) {
            owner.end(run, new StepResult.Failed(failure, null, null));
            return;
        }
        runners.doubt(kind);
        Duration pause = run.pause;
        Duration doubled = pause.multipliedBy(2);
        run.pause = doubled.compareTo(LONGEST_PAUSE) < 0 ? doubled : LONGEST_PAUSE;
        hold(
                run,
                new Hold(
                        "adapter %s, which cannot take it now: %s"
                                .formatted(kind, failure.message()),
                        clock.instant().plus(pause),
                        false));
    }

    /** Its shard is to go to another node, which begins it. */
    void leaves(StepRun run) {
        hold(run, new Hold("the node that its shard goes to", clock.instant(), false));
    }

    private void hold(StepRun run, Hold hold) {
        if (run.heldSince == null) {
            run.heldSince = clock.instant();
        }
        holds.put(run, hold);
        // What an earlier process may have begun must not look as if nobody had.
        if (!run.held && !run.cancelling && !run.recovered) {
            run.held = true;
            owner.send(
                    run,
                    new Message.Held(
                            run.ticket.step(), run.ticket.attempt(), run.heldSince, hold.reason()));
        }
    }

    /** Why the adapter cannot take anything now, or null if it can. */
    @Nullable String away(String kind) {
        try {
            Health health = runners.health(kind);
            return health.isConnected()
                    ? null
                    : "adapter %s, away since %s: %s"
                            .formatted(kind, runners.awaySince(kind), health.detail());
        } catch (IllegalStateException e) {
            return String.valueOf(e.getMessage());
        }
    }

    /** To be called every {@link #LOOK}. */
    void look() {
        holds.forEach(this::look);
    }

    private void look(StepRun run, Hold hold) {
        Instant now = clock.instant();
        if (run.hasEnded()) {
            holds.remove(run);
            return;
        }
        if (run.cancelling && !run.recovered) {
            // Nothing of it is anywhere.
            holds.remove(run);
            owner.end(run, new StepResult.Cancelled());
            return;
        }
        if (run.shard.isLeaving()) {
            return;
        }
        String away = away(run.ticket.adapter());
        Instant since = Objects.requireNonNullElse(run.heldSince, now);
        if (away == null) {
            if (hold.wasAway() || !now.isBefore(hold.next())) {
                // Away and back again: it begins to count anew.
                run.refusals = hold.wasAway() ? 0 : run.refusals;
                holds.remove(run);
                back.accept(run);
            }
        } else if (!run.cancelling && !run.recovered && isElsewhere(run)) {
            holds.remove(run);
            owner.end(run, failed(run, StepResult.ADAPTER_CHANGED, away + "; there is another"));
        } else if (!hold.wasAway()) {
            holds.replace(run, hold, new Hold(away, hold.next(), true));
        }
        if (holds.containsKey(run)
                && !run.cancelling
                && !now.isBefore(since.plus(patience))
                && holds.remove(run) != null) {
            owner.end(
                    run,
                    failed(
                            run,
                            StepResult.ADAPTER_AWAY,
                            "it waited %s (gantry.execution.adapter-patience) for %s"
                                    .formatted(patience, away == null ? hold.reason() : away)));
        }
    }

    private static StepResult failed(StepRun run, String code, String message) {
        return StepResults.failed(
                code,
                Actor.BACKEND,
                true,
                run.recovered ? Progress.MAY_HAVE_COMMITTED : Progress.NEVER_STARTED,
                message);
    }

    private boolean isElsewhere(StepRun run) {
        Need need = attempts.need(run.head, run.ticket);
        Runners.Placement placed = need == null ? null : runners.place(run.head.tenant(), need);
        return placed != null
                && !placed.adapter().equals(run.ticket.adapter())
                && runners.awaySince(placed.adapter()) == null;
    }

    void forget(StepRun run) {
        holds.remove(run);
    }

    /** As if nothing had been held. */
    void forget() {
        holds.clear();
    }
}
