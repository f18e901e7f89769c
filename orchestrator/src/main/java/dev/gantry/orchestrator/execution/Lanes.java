package dev.gantry.orchestrator.execution;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** How the lanes of this node stand, for those who watch over it. */
public interface Lanes {
    List<LaneView> lanes();

    /** Since when the node could not renew its leases; null if it could the last time. */
    @Nullable Instant leasesInDoubtSince();

    /**
     * @param backlog messages that wait
     * @param oldest how long the oldest of them waits
     * @param waitsForJournalSince since when a batch could not be written; null if none is late
     * @param stuck executions with a message that could not be processed, and is tried again
     */
    record LaneView(
            int number,
            int backlog,
            Duration oldest,
            @Nullable Instant waitsForJournalSince,
            int stuck) {}
}
