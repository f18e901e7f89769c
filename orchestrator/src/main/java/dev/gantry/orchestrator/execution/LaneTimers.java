package dev.gantry.orchestrator.execution;

import dev.gantry.orchestrator.id.ExecutionId;
import java.time.Duration;
import java.time.Instant;
import java.util.Objects;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** When the executions that a lane holds in memory go on. */
final class LaneTimers {
    private final TreeSet<Timer> timers = new TreeSet<>();

    private record Timer(Instant due, ExecutionId id) implements Comparable<Timer> {
        @Override
        public int compareTo(Timer other) {
            int byTime = due.compareTo(other.due);
            return byTime != 0 ? byTime : id.compareTo(other.id);
        }
    }

    void set(LiveExecution execution, @Nullable Instant due) {
        if (Objects.equals(execution.timer, due)) {
            return;
        }
        if (execution.timer != null) {
            timers.remove(new Timer(execution.timer, execution.head.id()));
        }
        execution.timer = due;
        if (due != null) {
            timers.add(new Timer(due, execution.head.id()));
        }
    }

    /** The earliest that is due; it is gone from here. */
    @Nullable ExecutionId next(Instant now) {
        return timers.isEmpty() || timers.first().due().isAfter(now)
                ? null
                : timers.removeFirst().id();
    }

    /** How long nothing is due, at most so long. */
    Duration idle(Instant now, Duration atMost) {
        if (timers.isEmpty()) {
            return atMost;
        }
        Duration left = Duration.between(now, timers.first().due());
        if (left.isNegative()) {
            return Duration.ZERO;
        }
        // Rounded up, so that the lane does not spin through the last millisecond.
        return left.compareTo(atMost) < 0 ? left.plusMillis(1) : atMost;
    }

    void clear() {
        timers.clear();
    }
}
