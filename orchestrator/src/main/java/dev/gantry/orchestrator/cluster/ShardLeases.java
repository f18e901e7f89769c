package dev.gantry.orchestrator.cluster;

import java.time.Duration;
import java.util.EnumSet;
import java.util.Map;
import java.util.Set;

/**
 * Which nodes there are, and which shards each may write. A lease outlives several missed renewals,
 * then others may take it.
 */
public interface ShardLeases {

    /** What a shard's row says at one moment. */
    enum State {
        FREE,
        HELD,
        /**
         * Its holder has not renewed it in time; it may be alive, but can write nothing once taken.
         */
        EXPIRED;

        public Set<State> successors() {
            return switch (this) {
                case FREE, EXPIRED -> EnumSet.of(HELD);
                case HELD -> EnumSet.of(HELD, EXPIRED, FREE);
            };
        }
    }

    /** Makes sure that there are this many shards; fails if the installation has another number. */
    int prepare(int shards);

    /**
     * Enters the node among those that are alive. Waits, where one of the same name was alive a
     * moment ago, until it is known whether it is.
     *
     * @throws dev.gantry.orchestrator.installation.StartRefused if another node of this name is
     *     alive
     */
    void join(Node self, Duration lease);

    /**
     * @param held shard → epoch
     * @param share how many the node should hold
     * @param hasHeirs whether there are nodes that would take what is handed over
     */
    record Renewal(Map<Integer, Long> held, int share, boolean hasHeirs) {}

    /**
     * Renews the node and what it holds, and takes what is free or over, as far as that is its
     * share. What a node that comes back had, it takes back at once, with a new epoch that fences
     * its earlier self.
     *
     * @param held shard → epoch, as the node knows it
     * @param isLeaving whether it takes none any more, and others are to have what it holds
     * @throws Displaced if another process goes under the node's name
     */
    Renewal renew(Node self, Map<Integer, Long> held, Duration lease, boolean isLeaving);

    /** Whether a renewal would change what the node holds, or how many it should. */
    boolean isNews(Node self, Renewal last);

    /** Others may have them at once. */
    void release(Node self, Map<Integer, Long> held);

    /** The node is not there any more. */
    void leave(Node self);

    /** The node's name belongs to another process now. */
    final class Displaced extends RuntimeException {
        private static final long serialVersionUID = 1L;

        Displaced(Node self) {
            super(
                    "another process goes under the name %s: this one holds nothing any more"
                            .formatted(self));
        }
    }
}
