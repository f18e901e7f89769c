package dev.gantry.orchestrator.definition;

import dev.gantry.orchestrator.payload.PayloadCodec;
import org.jdbi.v3.core.Jdbi;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

@Configuration(proxyBeanMethods = false)
class DefinitionConfiguration {
    @Bean
    DefinitionService definitions(
            Jdbi jdbi, PayloadCodec payloads, Resources resources, Workloads workloads) {
        return new DefinitionService(jdbi, payloads, resources, workloads);
    }
}
