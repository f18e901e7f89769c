package dev.gantry.orchestrator.execution;

import dev.gantry.orchestrator.engine.ExecutionState;
import dev.gantry.orchestrator.engine.Message;
import dev.gantry.orchestrator.engine.StepResult;
import dev.gantry.orchestrator.runner.Runners;
import dev.gantry.spi.Capability;
import dev.gantry.spi.Failure;
import dev.gantry.spi.Failure.Actor;
import dev.gantry.spi.Failure.Progress;
import java.time.Clock;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/** Brings attempts to a place on their adapter: in line with others, and held while it is away. */
final class Places {
    private final Runners runners;
    private final AttemptFactory attempts;
    private final HeldRuns held;
    private final Owner owner;

    /** Whose attempts they are. */
    interface Owner {
        /** It has its place. */
        void begins(StepRun run);

        /** It ends without having begun. */
        void end(StepRun run, StepResult result);

        void send(StepRun run, Message message);
    }

    Places(Runners runners, AttemptFactory attempts, Duration patience, Clock clock, Owner owner) {
        this.runners = runners;
        this.attempts = attempts;
        this.owner = owner;
        this.held = new HeldRuns(runners, attempts, patience, clock, owner, this::goOn);
    }

    void bring(StepRun run) {
        if (!held.takes(run)) {
            queue(run);
        }
    }

    void queue(StepRun run) {
        run.isAside = false;
        CompletableFuture<Runners.Slot> slot = claim(run);
        if (slot != null) {
            var _ =
                    slot.thenAccept(taken -> {
                        if (run.isAside) {
                            // It has been set aside meanwhile, and asks again.
                            taken.close();
                            return;
                        }
                        keep(run, taken);
                        owner.begins(run);
                    });
        }
    }

    /** It runs already, whether there is a place or not; false if its adapter is not there. */
    boolean occupy(StepRun run) {
        try {
            run.adapter = runners.adapter(run.ticket.adapter());
            keep(
                    run,
                    runners.hold(
                            run.ticket.adapter(),
                            attempts.limit(run.head, run.ticket),
                            run.holder()));
            return true;
        } catch (IllegalStateException e) {
            missing(run, Progress.MAY_HAVE_COMMITTED, e);
            return false;
        }
    }

    /** Takes back what its adapter did not begin for now; false if it is not for later. */
    boolean giveBack(StepRun run, Failure failure) {
        boolean isForLater = failure.retryable() && failure.progress() == Progress.NEVER_STARTED;
        if (!isForLater || !run.requeue()) {
            return false;
        }
        held.refused(run, failure);
        return true;
    }

    /** Leaves it to the node that its shard goes to; here it goes on if the shard stays. */
    void setAside(StepRun run) {
        run.isAside = true;
        if (run.requeue()) {
            held.leaves(run);
        }
    }

    /** The adapter of what was held is back. */
    private void goOn(StepRun run) {
        boolean provisions =
                attempts.capabilities(runners.adapter(run.ticket.adapter()), run.head, run.ticket)
                        .can(Capability.PROVISIONS_RESOURCES);
        if (run.cancelling) {
            if (occupy(run)) {
                owner.begins(run);
            }
        } else if (run.recovered || provisions) {
            queue(run);
        } else {
            // Durable before it begins: from then on its intent means that it may have run.
            owner.send(run, new Message.Held(run.ticket.step(), run.ticket.attempt(), null, null));
        }
    }

    private @Nullable CompletableFuture<Runners.Slot> claim(StepRun run) {
        try {
            run.adapter = runners.adapter(run.ticket.adapter());
            Runners.Claim claim =
                    runners.claim(
                            run.ticket.adapter(),
                            attempts.limit(run.head, run.ticket),
                            run.holder());
            run.claim = claim;
            return claim.slot();
        } catch (IllegalStateException e) {
            missing(run, Progress.NEVER_STARTED, e);
            return null;
        }
    }

    private void missing(StepRun run, Progress progress, IllegalStateException why) {
        owner.end(
                run,
                StepResults.failed(
                        "ADAPTER_MISSING",
                        Actor.PLATFORM,
                        true,
                        progress,
                        String.valueOf(why.getMessage())));
    }

    private static void keep(StepRun run, Runners.Slot slot) {
        run.slot = slot;
        if (run.hasEnded()) {
            slot.close();
        }
    }

    /**
     * What a step waits for, or null.
     *
     * @param run null if another process has it in hand, or none
     */
    @Nullable String blocker(@Nullable StepRun run, ExecutionState.CurrentTask task) {
        String adapter = task.adapter();
        if (adapter == null) {
            return task.waitingFor();
        }
        String away = held.away(adapter);
        if (away != null) {
            return away;
        }
        Runners.Claim claim = run == null ? null : run.claim;
        Runners.Line line = claim == null ? null : claim.line();
        if (line != null) {
            Runners.Limit limit = line.limit();
            return "a free place: %s runs %d at a time, and %d wait before it"
                    .formatted(
                            limit == null ? "adapter " + adapter : limit.shown(),
                            line.places(),
                            line.before());
        }
        boolean isWithAdapter = run != null && run.phase.get() == StepRun.Phase.RUNNING;
        return isWithAdapter && task.status().equals("scheduled") ? null : task.waitingFor();
    }

    /** To be called every {@link HeldRuns#LOOK}. */
    void look() {
        held.look();
    }

    /** Steps that wait for adapters that are away. */
    int held() {
        return held.size();
    }

    /** As if it had not been brought. */
    void forget(StepRun run) {
        held.forget(run);
    }

    /** As if nothing had been brought. */
    void forget() {
        held.forget();
    }
}
