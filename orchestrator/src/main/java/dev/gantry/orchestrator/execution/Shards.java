package dev.gantry.orchestrator.execution;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The shards that this node holds, and their renewal. */
final class Shards {
    private final ShardLeases leases;
    private final String node;
    private final Duration lease;
    private final Clock clock;
    private final Changes changes;
    private volatile Map<Integer, Shard> held = Map.of();
    private volatile int[] numbers = new int[0];
    private volatile @Nullable Instant inDoubtSince;

    /** Hears what changes before anybody can act on it. */
    interface Changes {
        void shards(Set<Shard> gained, Set<Shard> lost, Set<Integer> now);
    }

    Shards(ShardLeases leases, String node, Duration lease, Clock clock, Changes changes) {
        this.leases = leases;
        this.node = node;
        this.lease = lease;
        this.clock = clock;
        this.changes = changes;
    }

    void renew() {
        renew(false);
    }

    /** As a process that comes back: what it held it gains anew, under another epoch. */
    void regain() {
        renew(true);
    }

    private synchronized void renew(boolean forgotten) {
        Map<Integer, Shard> before = held;
        long asked = System.nanoTime();
        Map<Integer, Long> answer;
        try {
            answer = leases.renew(node, forgotten ? Map.of() : epochs(before.values()), lease);
            inDoubtSince = null;
        } catch (RuntimeException e) {
            if (inDoubtSince == null) {
                inDoubtSince = clock.instant();
            }
            throw e;
        }
        Map<Integer, Shard> now = new HashMap<>();
        Set<Shard> gained = new HashSet<>();
        answer.forEach((number, epoch) -> {
            Shard shard = before.get(number);
            if (shard == null || shard.epoch() != epoch) {
                shard = new Shard(number, epoch);
                gained.add(shard);
            }
            shard.renewed(asked, lease);
            now.put(number, shard);
        });
        Set<Shard> lost = new HashSet<>(before.values());
        lost.removeAll(now.values());
        lost.forEach(Shard::lose);
        changes.shards(gained, lost, now.keySet());
        held = Map.copyOf(now);
        numbers = now.keySet().stream().mapToInt(Integer::intValue).toArray();
    }

    /** Gives them back, so that another node has them at once. */
    void release() {
        leases.release(node, epochs());
    }

    /** Null if another node holds it, or none. */
    @Nullable Shard get(int number) {
        return held.get(number);
    }

    Set<Integer> held() {
        return held.keySet();
    }

    Map<Integer, Long> epochs() {
        return epochs(held.values());
    }

    private static Map<Integer, Long> epochs(Collection<Shard> shards) {
        Map<Integer, Long> epochs = new HashMap<>();
        shards.forEach(shard -> epochs.put(shard.number(), shard.epoch()));
        return epochs;
    }

    /** One of those that are held. */
    int any(int random) {
        int[] now = numbers;
        if (now.length == 0) {
            throw new Executions.Refused(
                    Executions.Refused.Code.UNAVAILABLE,
                    "this node holds no shards yet; try again");
        }
        return now[Math.floorMod(random, now.length)];
    }

    boolean isEmpty() {
        return numbers.length == 0;
    }

    /** Since when they could not be renewed; null if they could the last time. */
    @Nullable Instant inDoubtSince() {
        return inDoubtSince;
    }
}
