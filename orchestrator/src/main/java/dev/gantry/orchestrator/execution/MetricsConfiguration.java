package dev.gantry.orchestrator.execution;

import dev.gantry.orchestrator.engine.Census;
import io.micrometer.core.instrument.MeterRegistry;
import io.opentelemetry.api.OpenTelemetry;
import java.time.Clock;
import java.time.Duration;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.boot.micrometer.tracing.opentelemetry.autoconfigure.SdkTracerProviderBuilderCustomizer;
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
    SdkTracerProviderBuilderCustomizer executionSpanIds() {
        return builder -> builder.setIdGenerator(ExecutionSpans.IDS);
    }

    @Bean
    ExecutionSpans executionSpans(ObjectProvider<OpenTelemetry> telemetry) {
        OpenTelemetry there = telemetry.getIfAvailable();
        return new ExecutionSpans(there == null ? null : there.getTracer("dev.gantry.execution"));
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
