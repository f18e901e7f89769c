package dev.gantry.orchestrator.execution;

import dev.gantry.orchestrator.cluster.Shard;
import dev.gantry.orchestrator.id.ExecutionId;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** What this node has in hand of steps: at most one attempt of each. */
final class StepRuns {
    private final Map<Key, StepRun> runs = new ConcurrentHashMap<>();

    private record Key(ExecutionId execution, int step) {}

    private static Key key(StepRun run) {
        return new Key(run.head.id(), run.ticket.step());
    }

    @Nullable StepRun get(ExecutionId execution, int step) {
        return runs.get(new Key(execution, step));
    }

    void put(StepRun run) {
        runs.put(key(run), run);
    }

    void remove(StepRun run) {
        runs.remove(key(run), run);
    }

    Collection<StepRun> all() {
        return runs.values();
    }

    /** Whether something of the shard is under way here that no other process could take up. */
    boolean isHoldingUp(Shard shard) {
        return runs.values().stream().anyMatch(run -> run.shard == shard && run.isHoldingUp());
    }

    /** Whether something is under way here that no other process could take up. */
    boolean isHoldingUp() {
        return runs.values().stream().anyMatch(StepRun::isHoldingUp);
    }

    /** Writes log bytes that have waited long enough. */
    void flushOutputs() {
        for (StepRun run : runs.values()) {
            AttemptOutput output = run.output;
            if (output != null) {
                output.flushIfDue();
            }
        }
    }

    /**
     * Forgets those of shards that are lost, and cancels nothing of them: their owner takes them
     * up.
     *
     * @return how many
     */
    int letGo(Consumer<StepRun> gone) {
        List<StepRun> lost = runs.values().stream().filter(run -> run.shard.isLost()).toList();
        lost.forEach(run -> {
            gone.accept(run);
            run.forget();
            remove(run);
        });
        return lost.size();
    }

    /** As if this process had never begun anything. */
    void forget() {
        runs.values().forEach(StepRun::forget);
        runs.clear();
    }
}
