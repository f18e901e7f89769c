package dev.gantry.orchestrator.runner;

import dev.gantry.spi.Capabilities;
import dev.gantry.spi.Health;
import java.time.Instant;
import java.util.List;

/** The adapters of this node, for people and for the API. */
public interface Runners {
    List<AdapterView> list();

    /**
     * @param inFlight steps that it runs now
     * @param queued steps that wait for a free place
     * @param checkedAt when health was asked last
     */
    record AdapterView(
            String kind,
            Capabilities capabilities,
            Health health,
            Instant checkedAt,
            int inFlight,
            int queued) {}
}
