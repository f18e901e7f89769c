package dev.gantry.orchestrator.execution;

import com.fasterxml.jackson.databind.JsonNode;
import dev.gantry.orchestrator.definition.plan.FunctionPlan;
import dev.gantry.orchestrator.definition.plan.SecretException;
import dev.gantry.orchestrator.definition.plan.WorkflowPlan;
import dev.gantry.orchestrator.id.DefinitionKind;
import dev.gantry.orchestrator.id.DefinitionRef;
import dev.gantry.orchestrator.id.Need;
import dev.gantry.orchestrator.id.TenantId;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The definitions as executions need them. */
interface Catalog {
    /**
     * @param version null for the latest that is enabled
     * @throws Executions.Refused if there is none, or it is disabled
     */
    DefinitionRef resolve(
            TenantId tenant,
            DefinitionKind kind,
            String namespace,
            String name,
            @Nullable String version);

    /** A function is a workflow of one call. */
    WorkflowPlan plan(TenantId tenant, DefinitionRef ref);

    FunctionPlan function(TenantId tenant, DefinitionRef ref);

    /** Which placements a version will ask for. */
    Set<Need> needs(TenantId tenant, WorkflowPlan plan);

    /**
     * @throws SecretException if the tenant has no such secret, or it cannot be read
     */
    JsonNode secret(TenantId tenant, String name) throws SecretException;
}
