package dev.gantry.orchestrator.api;

import dev.gantry.orchestrator.execution.Lanes;
import dev.gantry.orchestrator.security.TestKeys;
import dev.gantry.orchestrator.tenant.Tenants;
import java.time.Instant;
import java.util.List;
import org.jdbi.v3.core.Jdbi;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.SpringBootConfiguration;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnProperty;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.ComponentScan;

/** The server without an engine; only for tests that ask for it by the property. */
@ConditionalOnProperty(ApiSlice.ASKED)
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
    static final String ASKED = "test.gantry.api-slice";

    @Bean
    TestKeys testKeys(Tenants tenants, Jdbi jdbi) {
        return new TestKeys(tenants, jdbi);
    }

    @Bean
    FakeExecutions executions() {
        return new FakeExecutions();
    }

    @Bean
    FakeDefinitions definitions() {
        return new FakeDefinitions();
    }

    @Bean
    FakeEvents events() {
        return new FakeEvents();
    }

    @Bean
    FakeRunners runners() {
        return new FakeRunners();
    }

    /** None of them is in trouble. */
    @Bean
    Lanes lanes() {
        return new Lanes() {
            @Override
            public List<LaneView> lanes() {
                return List.of();
            }

            @Override
            public @Nullable Instant leasesInDoubtSince() {
                return null;
            }
        };
    }
}
