package dev.gantry.orchestrator.observability;

import dev.gantry.orchestrator.execution.Lanes;
import java.time.Instant;
import org.springframework.boot.health.contributor.AbstractHealthIndicator;
import org.springframework.boot.health.contributor.Health;
import org.springframework.stereotype.Component;

/**
 * Out of service while the journal takes nothing, whatever reading says: a full disk can be read.
 */
@Component("journalHealthIndicator")
final class LanesHealthIndicator extends AbstractHealthIndicator {
    private final Lanes lanes;

    LanesHealthIndicator(Lanes lanes) {
        this.lanes = lanes;
    }

    @Override
    protected void doHealthCheck(Health.Builder health) {
        health.up();
        for (Lanes.LaneView lane : lanes.lanes()) {
            if (lane.waitsForJournalSince() != null) {
                health.outOfService()
                        .withDetail(
                                "lane " + lane.number(),
                                "waits for the journal since " + lane.waitsForJournalSince());
            }
        }
        Instant leases = lanes.leasesInDoubtSince();
        if (leases != null) {
            health.outOfService().withDetail("leases", "not renewed since " + leases);
        }
    }
}
