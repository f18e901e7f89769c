package dev.gantry.orchestrator.api;

import dev.gantry.orchestrator.cluster.Node;
import dev.gantry.orchestrator.cluster.Nodes;
import dev.gantry.orchestrator.execution.Lanes;
import dev.gantry.orchestrator.security.TestKeys;
import dev.gantry.orchestrator.tenant.Tenants;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
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

    /** This one, and one that is not heard of. */
    @Bean
    Nodes nodes() {
        Node self = new Node("a", new UUID(0, 1), new UUID(0, 2), "1.0");
        return new Nodes() {
            @Override
            public Node self() {
                return self;
            }

            @Override
            public List<NodeView> list() {
                return List.of(
                        new NodeView("a", "1.0", Status.ALIVE, 16, Instant.EPOCH, Instant.EPOCH),
                        new NodeView("b", "1.0", Status.SILENT, 0, Instant.EPOCH, Instant.EPOCH));
            }
        };
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
