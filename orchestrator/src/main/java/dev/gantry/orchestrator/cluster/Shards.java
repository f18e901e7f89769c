package dev.gantry.orchestrator.cluster;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The shards that this node holds, and their renewal. Every node has its share of them: who has
 * more hands the surplus over, one shard after the other is let go of when nothing of it is under
 * way here.
 */
public final class Shards {
    /** One that could not be handed over in time, before it is tried again. */
    private static final Duration STAYS = Duration.ofMinutes(1);

    private final ShardLeases leases;
    private final Node self;
    private final int count;
    private final Duration lease;
    private final Clock clock;
    private final Changes changes;
    private volatile Map<Integer, Shard> held = Map.of();

    /** Not used any more, and not free yet. */
    private final Map<Integer, Shard> parting = new HashMap<>();

    private volatile int[] forNew = new int[0];
    private volatile ShardLeases.Renewal last = new ShardLeases.Renewal(Map.of(), 0, false);
    private volatile boolean leaving;
    private volatile @Nullable Instant inDoubtSince;

    /** Hears what changes before anybody can act on it. */
    public interface Changes {
        void shards(Set<Shard> gained, Set<Shard> lost, Set<Integer> now);
    }

    /**
     * @param count how many shards the installation has
     */
    public Shards(
            ShardLeases leases,
            Node self,
            int count,
            Duration lease,
            Clock clock,
            Changes changes) {
        this.leases = leases;
        this.self = self;
        this.count = count;
        this.lease = lease;
        this.clock = clock;
        this.changes = changes;
    }

    /** Before the first renewal. */
    public void join() {
        leases.join(self, lease);
        renew();
    }

    public void renew() {
        renew(false);
    }

    /** Renews if that would change something: other nodes have come, or gone. */
    public void look() {
        if (!leaving && leases.isNews(self, last)) {
            renew();
        }
    }

    /** As a process that comes back: what it held it gains anew, under another epoch. */
    public void regain() {
        renew(true);
    }

    private synchronized void renew(boolean forgotten) {
        Map<Integer, Shard> before = held;
        long asked = System.nanoTime();
        ShardLeases.Renewal answer;
        try {
            Map<Integer, Long> known = forgotten ? new HashMap<>() : epochs(before.values());
            known.putAll(epochs(parting.values()));
            answer = leases.renew(self, known, lease, leaving);
            inDoubtSince = null;
        } catch (RuntimeException e) {
            if (inDoubtSince == null) {
                inDoubtSince = clock.instant();
            }
            if (e instanceof ShardLeases.Displaced) {
                change(Map.of(), Set.of());
            }
            throw e;
        }
        Map<Integer, Shard> now = new HashMap<>();
        Set<Shard> gained = new HashSet<>();
        answer.held()
                .forEach((number, epoch) -> {
                    if (parting.containsKey(number)) {
                        return;
                    }
                    Shard shard = before.get(number);
                    if (shard == null || shard.epoch() != epoch) {
                        shard = new Shard(number, epoch);
                        gained.add(shard);
                    }
                    shard.renewed(asked, lease);
                    now.put(number, shard);
                });
        last = answer;
        change(now, gained);
        if (!leaving || answer.hasHeirs()) {
            markSurplus(answer.share());
        }
    }

    private void change(Map<Integer, Shard> now, Set<Shard> gained) {
        Set<Shard> lost = new HashSet<>(held.values());
        lost.removeAll(now.values());
        lost.forEach(Shard::lose);
        changes.shards(gained, lost, now.keySet());
        held = Map.copyOf(now);
        showForNew();
    }

    private void showForNew() {
        forNew =
                held.values().stream()
                        .filter(shard -> !shard.isLeaving())
                        .mapToInt(Shard::number)
                        .sorted()
                        .toArray();
    }

    private void markSurplus(int share) {
        int surplus = forNew.length - share;
        held.values().stream()
                .filter(shard -> leaving || shard.mayLeave())
                .sorted(Comparator.comparingInt(Shard::number).reversed())
                .limit(Math.max(0, surplus))
                .forEach(Shard::leave);
        showForNew();
    }

    /** This node stops: others, if there are any, are to have all of them. */
    public synchronized void leave() {
        leaving = true;
        renew();
    }

    /** It stays here for now, after all. */
    public synchronized void keep(Shard shard) {
        shard.stay(STAYS);
        showForNew();
    }

    /** Those that are to be let go of, when nothing of them is under way. */
    public List<Shard> leaving() {
        return held.values().stream().filter(Shard::isLeaving).toList();
    }

    /** Nothing is begun with it here any more; what is being committed still can be. */
    public synchronized void letGo(Shard shard) {
        if (held.get(shard.number()) != shard) {
            return;
        }
        Map<Integer, Shard> now = new HashMap<>(held);
        now.remove(shard.number());
        parting.put(shard.number(), shard);
        change(now, Set.of());
    }

    /** Another node may have it. */
    public void handOver(Shard shard) {
        leases.release(self, Map.of(shard.number(), shard.epoch()));
        synchronized (this) {
            parting.remove(shard.number());
        }
    }

    /** Gives all of them back: this node is not there any more. */
    public synchronized void close() {
        leases.release(self, epochs(held.values()));
        leases.release(self, epochs(parting.values()));
        leases.leave(self);
    }

    /** Null if another node holds it, or none. */
    public @Nullable Shard get(int number) {
        return held.get(number);
    }

    public Set<Integer> held() {
        return held.keySet();
    }

    /** Of those that stay here. */
    public Map<Integer, Long> epochs() {
        return epochs(held.values().stream().filter(shard -> !shard.isLeaving()).toList());
    }

    private static Map<Integer, Long> epochs(Collection<Shard> shards) {
        Map<Integer, Long> epochs = new HashMap<>();
        shards.forEach(shard -> epochs.put(shard.number(), shard.epoch()));
        return epochs;
    }

    /** One for a new execution: of those that are held, or any if none is. */
    public int any(int random) {
        int[] now = forNew;
        return now.length == 0
                ? Math.floorMod(random, count)
                : now[Math.floorMod(random, now.length)];
    }

    /** Since when they could not be renewed; null if they could the last time. */
    public @Nullable Instant inDoubtSince() {
        return inDoubtSince;
    }
}
