package dev.gantry.orchestrator.cluster;

import java.time.Duration;

/**
 * This node's hold on a shard, from when it was gained until it is lost. What follows from owning
 * the shard has a reference to it, and asks it: an execution in memory, a step in hand, what a step
 * writes. Lost once, it never comes back; a node that gains the shard again has another hold.
 */
public final class Shard {
    private final int number;
    private final long epoch;
    private volatile long sureUntil;
    private volatile boolean leaving;
    private volatile long keepUntil = System.nanoTime();
    private volatile boolean lost;

    public Shard(int number, long epoch) {
        this.number = number;
        this.epoch = epoch;
    }

    public int number() {
        return number;
    }

    /** Fences everything that is written for the shard. */
    public long epoch() {
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
    public boolean isSure() {
        return !lost && sureUntil - System.nanoTime() > 0;
    }

    /** Whether another node is to have it: what is under way ends here, and nothing begins. */
    public boolean isLeaving() {
        return leaving;
    }

    void leave() {
        leaving = true;
    }

    /** It could not be handed over: for a while it is not tried again. */
    void stay(Duration atLeast) {
        keepUntil = System.nanoTime() + atLeast.toNanos();
        leaving = false;
    }

    boolean mayLeave() {
        return !leaving && keepUntil - System.nanoTime() <= 0;
    }

    public boolean isLost() {
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
