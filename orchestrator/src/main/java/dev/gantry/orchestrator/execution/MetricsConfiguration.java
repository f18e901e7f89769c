package dev.gantry.orchestrator.execution;

import dev.gantry.orchestrator.engine.Census;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Clock;
import java.time.Duration;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

@Configuration(proxyBeanMethods = false)
@EnableConfigurationProperties(MetricSettings.class)
class MetricsConfiguration {
    /** Not while the server starts. */
    private static final Duration FIRST_COUNT = Duration.ofSeconds(5);

    @Bean
    MetricTags metricTags(MetricSettings settings) {
        return new MetricTags(settings);
    }

    @Bean
    ExecutionMeters executionMeters(MeterRegistry registry, MetricTags tags) {
        return new ExecutionMeters(registry, tags);
    }

    @Bean
    StoredGauges storedGauges(
            Census census,
            ExecutionNode node,
            MeterRegistry registry,
            MetricTags tags,
            MetricSettings settings,
            Clock clock) {
        StoredGauges gauges =
                new StoredGauges(census, () -> node.held().keySet(), registry, tags, clock);
        node.later(FIRST_COUNT, () -> gauges.keepFresh(node, settings.refresh()));
        return gauges;
    }
}
