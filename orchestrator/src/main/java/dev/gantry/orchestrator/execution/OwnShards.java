package dev.gantry.orchestrator.execution;

import dev.gantry.orchestrator.cluster.Node;
import dev.gantry.orchestrator.cluster.Shard;
import dev.gantry.orchestrator.cluster.ShardLeases;
import dev.gantry.orchestrator.cluster.Shards;
import dev.gantry.orchestrator.engine.Ledger;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What follows here from gaining shards, losing them, and handing them over: nothing that is under
 * way is cut off for a shard that another node is to have, and nothing is refused.
 */
final class OwnShards {
    private static final Logger log = LoggerFactory.getLogger(OwnShards.class);

    private final Node self;
    private final int count;
    private final Shards shards;
    private final LaneSet lanes;
    private final Dispatcher dispatcher;
    private final LeaseSlots slots;
    private final Ledger ledger;
    private final Recovery recovery;
    private final Executor executor;
    private final Duration lease;

    /** Since when shards are to go, as {@link System#nanoTime} has it. */
    private final Map<Shard, Long> leavingSince = new ConcurrentHashMap<>();

    OwnShards(
            Node self,
            ShardLeases leases,
            ExecutionProperties properties,
            Clock clock,
            LaneSet lanes,
            Dispatcher dispatcher,
            LeaseSlots slots,
            Ledger ledger,
            Recovery recovery,
            Executor executor) {
        this.self = self;
        this.count = properties.shards();
        this.lease = properties.lease();
        this.shards =
                new Shards(leases, self, properties.shards(), lease, clock, this::shardsChange);
        this.lanes = lanes;
        this.dispatcher = dispatcher;
        this.slots = slots;
        this.ledger = ledger;
        this.recovery = recovery;
        this.executor = executor;
    }

    Shards shards() {
        return shards;
    }

    @Nullable Shard get(int number) {
        return shards.get(number);
    }

    /** Whether no other node can have the shard now. */
    boolean isSure(int number) {
        Shard hold = shards.get(number);
        return hold != null && hold.isSure();
    }

    /**
     * What is lost is let go of, and goes on elsewhere: nothing of it is cancelled. What is gained
     * is taken up, after what it has on backends has taken its places.
     */
    private void shardsChange(Set<Shard> gained, Set<Shard> lost, Set<Integer> now) {
        int steps = lost.isEmpty() ? 0 : dispatcher.letGo();
        List<Shard> elsewhere =
                lost.stream().filter(shard -> !now.contains(shard.number())).toList();
        elsewhere.forEach(shard -> lanes.of(shard.number()).lost());
        if (elsewhere.stream().allMatch(Shard::isLeaving)) {
            elsewhere.forEach(shard -> log.debug("node {} hands {} over", self, shard));
        } else {
            log.warn(
                    "node {} does not hold {} any more; {} steps that it had in hand go on without it",
                    self,
                    elsewhere,
                    steps);
        }
        slots.keepOnly(now);
        if (!gained.isEmpty()) {
            Set<Integer> numbers = gained.stream().map(Shard::number).collect(Collectors.toSet());
            slots.load(ledger, numbers);
            log.info(
                    "node {} holds {} of {} shards, {} of them new",
                    self,
                    now.size(),
                    count,
                    gained.size());
            executor.execute(() -> recovery.run(numbers));
        }
    }

    /** To be called often: goes on with handing over what other nodes are to have. */
    void look() {
        shards.look();
        handOver(lease);
    }

    /**
     * @param patience how long a shard may be on its way: then its calls under way go on, it stays,
     *     and another one is tried
     */
    private synchronized void handOver(Duration patience) {
        List<Shard> leaving = shards.leaving();
        leavingSince.keySet().retainAll(leaving);
        for (Shard shard : leaving) {
            long since = leavingSince.computeIfAbsent(shard, now -> System.nanoTime());
            dispatcher.holdBack(shard);
            if (!dispatcher.runs().isHoldingUp(shard)) {
                lanes.of(shard.number()).part(shard);
            } else if (System.nanoTime() - since > patience.toNanos()) {
                leavingSince.remove(shard);
                shards.keep(shard);
            }
        }
    }

    /**
     * Called by the shard's lane, between two commits, when it has no ending of a step to write:
     * what of the shard reaches the lane after this goes to the new owner.
     */
    void part(Shard shard) {
        if (!dispatcher.runs().isHoldingUp(shard)) {
            shards.letGo(shard);
            shards.handOver(shard);
        }
    }

    /**
     * Hands all of them over, if there is another node.
     *
     * @return whether nothing is left to be handed over
     */
    boolean handAllOver(Duration atMost) {
        handOver(atMost);
        return shards.leaving().isEmpty();
    }
}
