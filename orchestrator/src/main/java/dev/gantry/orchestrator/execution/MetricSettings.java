package dev.gantry.orchestrator.execution;

import java.time.Duration;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * Settings under {@code gantry.metrics}: every value of a tag costs memory here and in the metrics
 * database, and neither tenants nor definitions are bounded.
 *
 * @param tenants that have a tag of their own; further ones share one
 * @param definitions of one tenant that have a tag of their own; further ones share one
 * @param refresh how often what is stored is counted
 */
@ConfigurationProperties(value = "gantry.metrics", ignoreUnknownFields = false)
record MetricSettings(
        @DefaultValue("100") int tenants,
        @DefaultValue("50") int definitions,
        @DefaultValue("1m") Duration refresh) {}
