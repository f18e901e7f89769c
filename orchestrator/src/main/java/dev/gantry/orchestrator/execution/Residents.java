package dev.gantry.orchestrator.execution;

import dev.gantry.orchestrator.cluster.Shard;
import dev.gantry.orchestrator.id.ExecutionId;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** The executions that a lane has in memory, and when they go on. Changed by the lane alone. */
final class Residents {
    /** Others ask who is there. */
    private final Map<ExecutionId, LiveExecution> live = new ConcurrentHashMap<>();

    /** Waiting executions that could leave memory, the longest unused first. */
    private final LinkedHashSet<ExecutionId> parked = new LinkedHashSet<>();

    private final LaneTimers timers = new LaneTimers();
    private final ReadAhead readAhead = new ReadAhead();

    ReadAhead readAhead() {
        return readAhead;
    }

    Collection<LiveExecution> all() {
        return live.values();
    }

    @Nullable LiveExecution get(ExecutionId id) {
        return live.get(id);
    }

    LiveExecution take(LiveExecution execution, Shard shard) {
        execution.shard = shard;
        live.put(execution.head.id(), execution);
        return execution;
    }

    /** As it stands after a commit. */
    void keep(LiveExecution execution) {
        ExecutionId id = execution.head.id();
        parked.remove(id);
        timers.set(execution, execution.state.isSettled() ? null : execution.state.nextDue());
        if (execution.state.isSettled()) {
            leave(id);
        } else if (!execution.state.isBusy()) {
            parked.add(id);
        }
    }

    /** At most so many stay that wait; their wake-up time is in their rows. */
    void keepParked(int most) {
        while (parked.size() > most) {
            evict(parked.getFirst());
        }
    }

    void evict(ExecutionId id) {
        parked.remove(id);
        LiveExecution execution = leave(id);
        if (execution != null) {
            timers.set(execution, null);
        }
    }

    void evictAll(Predicate<LiveExecution> which) {
        for (LiveExecution execution : List.copyOf(live.values())) {
            if (which.test(execution)) {
                evict(execution.head.id());
            }
        }
    }

    private @Nullable LiveExecution leave(ExecutionId id) {
        readAhead.left(id);
        return live.remove(id);
    }

    /** The one that is due the longest; null if none is. */
    @Nullable ExecutionId due(Instant now) {
        ExecutionId due = timers.next(now);
        while (due != null) {
            LiveExecution execution = live.get(due);
            if (execution != null) {
                execution.timer = null;
                return due;
            }
            due = timers.next(now);
        }
        return null;
    }

    /** How long none is due, at most so long. */
    Duration idle(Instant now, Duration atMost) {
        return timers.idle(now, atMost);
    }

    void clear() {
        live.clear();
        parked.clear();
        timers.clear();
        readAhead.clear();
    }
}
