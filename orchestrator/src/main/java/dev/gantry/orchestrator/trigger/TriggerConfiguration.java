package dev.gantry.orchestrator.trigger;

import dev.gantry.orchestrator.cluster.Duties;
import dev.gantry.orchestrator.definition.Definitions;
import dev.gantry.orchestrator.definition.plan.Plans;
import dev.gantry.orchestrator.engine.CloudEvents;
import dev.gantry.orchestrator.execution.EventDelivery;
import dev.gantry.orchestrator.execution.Executions;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

@Configuration(proxyBeanMethods = false)
@EnableConfigurationProperties(EventSettings.class)
class TriggerConfiguration {
    @Bean(initMethod = "start", destroyMethod = "close")
    EventRouter eventRouter(
            CloudEvents store,
            EventDelivery delivery,
            Plans plans,
            Definitions definitions,
            Executions executions,
            EventSettings settings,
            Duties duties,
            MeterRegistry registry) {
        return new EventRouter(
                store,
                delivery,
                plans,
                new EventStarts(
                        store,
                        definitions,
                        plans,
                        executions,
                        settings.chainLimit(),
                        Counter.builder("gantry.events.chain.refused")
                                .description("Events at the end of a chain, which started nothing")
                                .register(registry)),
                settings,
                duties);
    }

    @Bean
    Events events(CloudEvents store, EventRouter router) {
        return new EventService(store, router::wake);
    }
}
