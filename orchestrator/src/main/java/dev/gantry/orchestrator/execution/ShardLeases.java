package dev.gantry.orchestrator.execution;

import java.time.Duration;
import java.util.Map;

/**
 * Which shards a node may write. A lease outlives several missed renewals, then others may take it.
 */
interface ShardLeases {

    /** Makes sure that there are this many shards; fails if the installation has another number. */
    int prepare(int shards);

    /**
     * Renews what the node holds and takes what is free or over. A node that comes back under its
     * own name takes its shards back at once, with a new epoch that fences its earlier self.
     *
     * @param held shard → epoch, as the node knows it
     * @return what it holds now
     */
    Map<Integer, Long> renew(String node, Map<Integer, Long> held, Duration lease);

    void release(String node, Map<Integer, Long> held);
}
