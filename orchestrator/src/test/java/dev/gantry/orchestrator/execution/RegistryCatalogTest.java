package dev.gantry.orchestrator.execution;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gantry.orchestrator.definition.Definitions;
import dev.gantry.orchestrator.definition.compile.Documents;
import dev.gantry.orchestrator.definition.plan.FunctionPlan;
import dev.gantry.orchestrator.definition.plan.Plans;
import dev.gantry.orchestrator.definition.plan.WorkflowPlan;
import dev.gantry.orchestrator.id.DefinitionRef;
import dev.gantry.orchestrator.id.Need;
import dev.gantry.orchestrator.id.TenantId;
import java.lang.reflect.Proxy;
import java.nio.file.Path;
import java.util.Set;
import org.junit.jupiter.api.Test;

class RegistryCatalogTest {
    private static final TenantId ACME = new TenantId("acme");

    private final RegistryCatalog catalog =
            new RegistryCatalog(
                    (Definitions)
                            Proxy.newProxyInstance(
                                    Definitions.class.getClassLoader(),
                                    new Class<?>[] {Definitions.class},
                                    (_, method, _) -> {
                                        throw new UnsupportedOperationException(method.getName());
                                    }),
                    new NoPlans(),
                    new SecretFiles(Path.of("none")));

    private static WorkflowPlan plan() {
        return Documents.workflow(
                """
                document: {dsl: 1.0.3, namespace: test, name: a, version: 1.0.0}
                do: [{step: {run: {container: {image: i}}}}]
                """);
    }

    /** Equal documents of two tenants may call functions that differ. */
    @Test
    void worksOutWhatAVersionNeedsOnceForEachTenant() {
        Set<Need> first = catalog.needs(ACME, plan());
        Set<Need> again = catalog.needs(ACME, plan());
        Set<Need> others = catalog.needs(new TenantId("other"), plan());

        assertThat(first).hasSize(1);
        assertThat(again).isSameAs(first);
        assertThat(others).isNotSameAs(first);
    }

    private static final class NoPlans implements Plans {
        @Override
        public WorkflowPlan workflow(TenantId tenant, DefinitionRef ref) {
            throw new UnsupportedOperationException();
        }

        @Override
        public FunctionPlan function(TenantId tenant, DefinitionRef ref) {
            throw new UnsupportedOperationException();
        }
    }
}
