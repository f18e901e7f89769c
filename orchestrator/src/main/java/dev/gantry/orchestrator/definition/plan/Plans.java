package dev.gantry.orchestrator.definition.plan;

import dev.gantry.orchestrator.id.DefinitionRef;
import dev.gantry.orchestrator.id.TenantId;

/**
 * Compiled definitions by version; immutable, so cached with a bound. Fails with {@link
 * IllegalStateException} for a version that is not there: executions pin theirs, and a pinned
 * version is never removed.
 */
public interface Plans {
    WorkflowPlan workflow(TenantId tenant, DefinitionRef ref);

    FunctionPlan function(TenantId tenant, DefinitionRef ref);
}
