package dev.gantry.orchestrator.execution;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicIntegerArray;

/** The letters that wait for a lane, in the order in which they came. */
final class Inbox {
    private final LinkedBlockingQueue<Letter> letters = new LinkedBlockingQueue<>();
    private volatile boolean closed;

    /** By shard: what is told of steps here, and waits or is being processed. */
    private final AtomicIntegerArray pending;

    private final int shards;

    Inbox(int shards) {
        this.shards = shards;
        this.pending = new AtomicIntegerArray(shards);
    }

    void add(Letter letter) {
        if (letter.isOfStep()) {
            pending.incrementAndGet(letter.id().shard(shards));
        }
        letters.add(letter);
        if (closed) {
            close();
        }
    }

    /** Waits for the first one, then takes what is there. */
    void take(List<Letter> into, int most, Duration atMost) throws InterruptedException {
        Letter first = letters.poll(atMost.toMillis(), TimeUnit.MILLISECONDS);
        if (first != null) {
            into.add(first);
            letters.drainTo(into, most - 1);
        }
    }

    /** To be said of each that was taken, when all that it led to is done. */
    void done(Letter letter) {
        if (letter.isOfStep()) {
            pending.decrementAndGet(letter.id().shard(shards));
        }
    }

    /** Whether nothing of the shard's steps waits or is being processed. */
    boolean isQuiet(int shard) {
        return pending.get(shard) == 0;
    }

    int size() {
        return letters.size();
    }

    /** How long the oldest letter waits. */
    Duration age() {
        Letter oldest = letters.peek();
        return oldest == null
                ? Duration.ZERO
                : Duration.ofNanos(Math.max(0, System.nanoTime() - oldest.sentAt()));
    }

    /** Who has waited for so long is told, and what it asked for is not done. */
    void refuse(Duration waited, Executions.Refused refusal) {
        long before = System.nanoTime() - waited.toNanos();
        letters.removeIf(letter -> {
            boolean late = letter.answered() != null && letter.sentAt() - before < 0;
            if (late) {
                letter.refuse(refusal);
                done(letter);
            }
            return late;
        });
    }

    /** As with the process: what nobody waits for comes again from the journal. */
    void loseWhatNobodyWaitsFor() {
        letters.removeIf(letter -> {
            boolean isLost = letter.answered() == null;
            if (isLost) {
                done(letter);
            }
            return isLost;
        });
    }

    /** Refuses what is here, and what still comes. */
    void close() {
        closed = true;
        Letter left = letters.poll();
        while (left != null) {
            left.refuse(
                    new Executions.Refused(
                            Executions.Refused.Code.UNAVAILABLE, "this node stops; try again"));
            left = letters.poll();
        }
    }
}
