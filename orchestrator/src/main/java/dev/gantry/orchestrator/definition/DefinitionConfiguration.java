package dev.gantry.orchestrator.definition;

import org.jdbi.v3.core.Jdbi;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

@Configuration(proxyBeanMethods = false)
class DefinitionConfiguration {
    @Bean
    DefinitionService definitions(Jdbi jdbi, Resources resources, Workloads workloads) {
        return new DefinitionService(jdbi, resources, workloads);
    }
}
