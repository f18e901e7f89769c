package dev.gantry.orchestrator.observability;

import dev.gantry.orchestrator.runner.Runners;
import org.springframework.boot.health.contributor.AbstractHealthIndicator;
import org.springframework.boot.health.contributor.Health;
import org.springframework.stereotype.Component;

/**
 * Shows which backends are connected. One that is not says nothing about this server, which refuses
 * only the starts that need it; so the server stays up.
 */
@Component("adapters")
final class AdaptersHealthIndicator extends AbstractHealthIndicator {
    private final Runners runners;

    AdaptersHealthIndicator(Runners runners) {
        this.runners = runners;
    }

    @Override
    protected void doHealthCheck(Health.Builder health) {
        health.up();
        for (Runners.AdapterView adapter : runners.list()) {
            health.withDetail(
                    adapter.kind(),
                    "%s: %s"
                            .formatted(
                                    adapter.health().isConnected() ? "connected" : "disconnected",
                                    adapter.health().detail()));
        }
    }
}
