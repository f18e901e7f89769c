package dev.gantry.orchestrator.api;

import org.springframework.boot.SpringBootConfiguration;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.ComponentScan;

/** The server without an engine. */
@SpringBootConfiguration(proxyBeanMethods = false)
@EnableAutoConfiguration
@ComponentScan({
    "dev.gantry.orchestrator.api",
    "dev.gantry.orchestrator.database",
    "dev.gantry.orchestrator.installation",
    "dev.gantry.orchestrator.observability",
    "dev.gantry.orchestrator.problem",
    "dev.gantry.orchestrator.security",
    "dev.gantry.orchestrator.tenant"
})
class ApiSlice {
    @Bean
    FakeExecutions executions() {
        return new FakeExecutions();
    }

    @Bean
    FakeDefinitions definitions() {
        return new FakeDefinitions();
    }

    @Bean
    FakeRunners runners() {
        return new FakeRunners();
    }
}
