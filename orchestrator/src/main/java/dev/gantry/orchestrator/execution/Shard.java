package dev.gantry.orchestrator.execution;

import java.time.Duration;

/**
 * This node's hold on a shard, from when it was gained until it is lost. What follows from owning
 * the shard has a reference to it, and asks it: an execution in memory, a step in hand, what a step
 * writes. Lost once, it never comes back; a node that gains the shard again has another hold.
 */
final class Shard {
    private final int number;
    private final long epoch;
    private volatile long sureUntil;
    private volatile boolean lost;

    Shard(int number, long epoch) {
        this.number = number;
        this.epoch = epoch;
    }

    int number() {
        return number;
    }

    /** Fences everything that is written for the shard. */
    long epoch() {
        return epoch;
    }

    /**
     * @param asked when the lease was asked for, as {@link System#nanoTime} has it: the database
     *     counts from later on
     */
    void renewed(long asked, Duration lease) {
        sureUntil = asked + lease.toNanos();
    }

    /**
     * Whether nobody else can have it now. False also while a renewal is late, as after a process
     * was stopped for a while: then nobody here knows, and what would be felt outside of the
     * database has to wait.
     */
    boolean isSure() {
        return !lost && sureUntil - System.nanoTime() > 0;
    }

    boolean isLost() {
        return lost;
    }

    void lose() {
        lost = true;
    }

    @Override
    public String toString() {
        return "shard %d, epoch %d".formatted(number, epoch);
    }
}
