package dev.gantry.orchestrator.execution;

import dev.gantry.orchestrator.cluster.Shard;
import dev.gantry.spi.Capability;
import dev.gantry.spi.RunnerAdapter;

/**
 * Keeps steps from beginning that only this process could see the end of, where another one is to
 * go on: all of them when it stops, those of a shard when that is to go. What another node can take
 * up in the middle keeps nothing here, and may begin.
 */
final class HoldBack {
    private final StepRuns runs;
    private final AttemptFactory attempts;
    private final Places places;
    private final Places.Owner owner;
    private volatile boolean all;

    HoldBack(StepRuns runs, AttemptFactory attempts, Places places, Places.Owner owner) {
        this.runs = runs;
        this.attempts = attempts;
        this.places = places;
        this.owner = owner;
    }

    /** From now on nothing begins. */
    void all() {
        all = true;
        runs.all().forEach(this::of);
    }

    boolean isAll() {
        return all;
    }

    void of(Shard shard) {
        runs.all().stream().filter(run -> run.shard == shard).forEach(this::of);
    }

    /** Whether it must not begin here. */
    boolean concerns(StepRun run) {
        return all || (run.shard.isLeaving() && !run.recovered && isOnlyHere(run));
    }

    private boolean isOnlyHere(StepRun run) {
        RunnerAdapter adapter = run.adapter;
        return adapter != null
                && !attempts.capabilities(adapter, run.head, run.ticket)
                        .can(Capability.PROVISIONS_RESOURCES);
    }

    /**
     * Leaves it to the next process, if it has not begun. That one takes up what has an intent on a
     * backend that can be asked. What could not be told from a call that was made is set aside, or
     * ended as never started where this process stops: here and not on another thread, since a lane
     * that stops still writes what it told itself.
     */
    void of(StepRun run) {
        if (!concerns(run)
                || run.recovered
                || !isOnlyHere(run)
                || !run.phase.compareAndSet(StepRun.Phase.QUEUED, StepRun.Phase.PROVISIONING)) {
            return;
        }
        if (all) {
            owner.end(run, StepResults.heldBack());
        } else {
            places.setAside(run);
        }
    }
}
