package dev.gantry.orchestrator.cluster;

import java.time.Instant;
import java.util.List;

/** The nodes of the installation. */
public interface Nodes {
    enum Status {
        ALIVE,
        /** It hands its shards over before it stops. */
        LEAVING,
        /** It has not been heard of for a lease's time: what it held goes on elsewhere. */
        SILENT
    }

    /**
     * @param shards how many it holds
     * @param seenAt when it renewed its leases the last time
     */
    record NodeView(
            String name,
            String version,
            Status status,
            int shards,
            Instant startedAt,
            Instant seenAt) {}

    /** The one that answers. */
    Node self();

    /** By name. */
    List<NodeView> list();
}
