package dev.gantry.orchestrator.execution;

import java.time.Duration;
import java.util.EnumSet;
import java.util.Map;
import java.util.Set;

/**
 * Which shards a node may write. A lease outlives several missed renewals, then others may take it.
 */
interface ShardLeases {

    /** What a shard's row says at one moment. */
    enum State {
        FREE,
        HELD,
        /**
         * Its holder has not renewed it in time; it may be alive, but can write nothing once taken.
         */
        EXPIRED;

        Set<State> successors() {
            return switch (this) {
                case FREE, EXPIRED -> EnumSet.of(HELD);
                case HELD -> EnumSet.of(HELD, EXPIRED, FREE);
            };
        }
    }

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
