package dev.gantry.orchestrator.runner.call;

import java.time.Duration;

/** When a call must be over. */
record Deadline(long nanos) {
    static Deadline in(Duration time) {
        return new Deadline(System.nanoTime() + time.toNanos());
    }

    Duration left() {
        return Duration.ofNanos(Math.max(0, nanos - System.nanoTime()));
    }

    Duration atMost(Duration limit) {
        Duration left = left();
        return left.compareTo(limit) < 0 ? left : limit;
    }

    boolean isOver() {
        return System.nanoTime() - nanos >= 0;
    }
}
