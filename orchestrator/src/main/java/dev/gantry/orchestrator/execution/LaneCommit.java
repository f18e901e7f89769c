package dev.gantry.orchestrator.execution;

import dev.gantry.orchestrator.engine.Journal;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A lane's way to the journal: tries until the batch is durable, and lets others see how long it
 * has been trying.
 */
final class LaneCommit {
    private static final Logger log = LoggerFactory.getLogger(LaneCommit.class);
    private static final long FIRST_PAUSE_MILLIS = 20;
    private static final long LONGEST_PAUSE_MILLIS = 2_000;

    private final int lane;
    private final Journal journal;
    private final Clock clock;
    private volatile @Nullable Pending pending;

    /**
     * @param failed whether the journal has said that it cannot
     */
    private record Pending(LaneWork work, Instant since, boolean failed) {}

    sealed interface Result {
        record Durable() implements Result {}

        /**
         * @param shards that are lost; what is left of the batch may be written
         * @param inDoubt whether it may be written already
         */
        record Fenced(Set<Integer> shards, boolean inDoubt) implements Result {}

        /** The node stops; whether it is durable is not known. */
        record GivenUp() implements Result {}
    }

    interface Stopping {
        boolean now();
    }

    LaneCommit(int lane, Journal journal, Clock clock) {
        this.lane = lane;
        this.journal = journal;
        this.clock = clock;
    }

    /**
     * @param maybeThere whether the batch may have been written before
     * @throws Journal.Unavailable when what is to be written is at fault
     */
    Result commit(LaneWork work, Journal.Batch batch, boolean maybeThere, Stopping stopping)
            throws InterruptedException, Journal.Unavailable {
        long pause = FIRST_PAUSE_MILLIS;
        Instant since = clock.instant();
        boolean inDoubt = maybeThere;
        pending = new Pending(work, since, false);
        try {
            while (true) {
                try {
                    if (!inDoubt || !journal.isCommitted(batch)) {
                        journal.commit(batch);
                    }
                    return new Result.Durable();
                } catch (Journal.Fenced e) {
                    log.warn("lane {}: {}", lane, e.getMessage());
                    return new Result.Fenced(e.shards(), inDoubt);
                } catch (Journal.Unavailable e) {
                    if (!e.isTransient()) {
                        throw e;
                    }
                    inDoubt = true;
                    pending = new Pending(work, since, true);
                    log.warn("lane {} waits for the journal: {}", lane, e.getMessage());
                    if (stopping.now()) {
                        return new Result.GivenUp();
                    }
                    Thread.sleep(pause);
                    pause = Math.min(pause * 2, LONGEST_PAUSE_MILLIS);
                }
            }
        } finally {
            pending = null;
        }
    }

    /**
     * Since when a batch waits for the journal; null if none does for long. One that has failed is
     * late sooner than one that may just be slow, but a broken connection alone is no outage.
     */
    @Nullable Instant waitsSince(Duration patience) {
        Pending now = pending;
        if (now == null) {
            return null;
        }
        Duration late = now.failed() ? patience.dividedBy(4) : patience;
        return now.since().plus(late).isBefore(clock.instant()) ? now.since() : null;
    }

    /** Who waits for the batch is told that nobody knows; the batch itself is tried on. */
    void refuseLate(Duration patience) {
        Pending now = pending;
        if (now != null && now.since().plus(patience).isBefore(clock.instant())) {
            now.work()
                    .refuse(
                            "the database does not answer; whether this is stored is not known:"
                                    + " ask again, with the same idempotency key");
        }
    }
}
