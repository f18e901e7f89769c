package dev.gantry.orchestrator.execution;

import dev.gantry.orchestrator.id.ExecutionId;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;

/** The lanes of a node: each has every n-th shard, and a thread of its own. */
final class LaneSet {
    /** Lanes that do not end by themselves within this time are blocked by the database. */
    private static final Duration STOP = Duration.ofSeconds(3);

    private final List<Lane> lanes = new ArrayList<>();
    private final List<Thread> threads = new ArrayList<>();
    private final int shards;
    private final int capacity;
    private final Duration patience;

    LaneSet(ExecutionProperties properties) {
        this.shards = properties.shards();
        this.capacity = properties.queueCapacity();
        this.patience = properties.startPatience();
    }

    void start(int count, LaneContext context) {
        for (int i = 0; i < count; i++) {
            lanes.add(new Lane(i, context));
        }
        lanes.forEach(lane ->
                threads.add(Thread.ofPlatform().name("gantry-lane-" + lane.number()).start(lane)));
    }

    Lane of(ExecutionId id) {
        return of(id.shard(shards));
    }

    Lane of(int shard) {
        return lanes.get(shard % lanes.size());
    }

    List<Integer> shardsOf(Lane lane, Collection<Integer> held) {
        return held.stream().filter(shard -> shard % lanes.size() == lane.number()).toList();
    }

    List<Lanes.LaneView> views() {
        return lanes.stream().map(lane -> lane.view(patience)).toList();
    }

    /** Why one more start would not be confirmed soon; null if nothing speaks against it. */
    Executions.@Nullable Refused refusal(ExecutionId id) {
        Lanes.LaneView lane = of(id).view(patience);
        if (lane.waitsForJournalSince() != null) {
            return new Executions.Refused(
                    Executions.Refused.Code.UNAVAILABLE,
                    "the database has not taken anything since %s; try again later"
                            .formatted(lane.waitsForJournalSince()));
        }
        if (lane.oldest().compareTo(patience) > 0 || lane.backlog() >= capacity) {
            return new Executions.Refused(
                    Executions.Refused.Code.OVERLOADED,
                    "%d messages wait, the oldest for %d ms: this start would not be confirmed within %d ms; try again later"
                            .formatted(
                                    lane.backlog(), lane.oldest().toMillis(), patience.toMillis()));
        }
        return null;
    }

    /** Brings back what is due, a page for each lane that has room. */
    void bringDue(Executor executor) {
        lanes.forEach(lane -> executor.execute(lane.wakeUps()::bring));
    }

    void refuseLate() {
        lanes.forEach(lane -> lane.refuseLate(patience));
    }

    void drain() {
        lanes.forEach(Lane::drain);
    }

    /** All of them within one time: one that hangs costs no more than four. */
    void stop() {
        lanes.forEach(Lane::stop);
        long end = System.nanoTime() + STOP.toNanos();
        for (Thread thread : threads) {
            try {
                thread.join(Duration.ofNanos(Math.max(1, end - System.nanoTime())));
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
        threads.forEach(Thread::interrupt);
    }
}
