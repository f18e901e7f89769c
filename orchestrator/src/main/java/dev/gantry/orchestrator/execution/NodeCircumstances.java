package dev.gantry.orchestrator.execution;

import dev.gantry.orchestrator.definition.plan.FunctionPlan;
import dev.gantry.orchestrator.engine.Circumstances;
import dev.gantry.orchestrator.id.DefinitionRef;
import dev.gantry.orchestrator.id.ExecutionId;
import dev.gantry.orchestrator.id.Need;
import dev.gantry.orchestrator.id.TenantId;
import dev.gantry.orchestrator.runner.Runners;
import java.time.Instant;
import java.util.concurrent.ThreadLocalRandom;
import org.jspecify.annotations.Nullable;

/** What a decision of this node depends on at one moment. */
record NodeCircumstances(
        ExecutionNode node, Catalog catalog, Runners runners, TenantId tenant, Instant now)
        implements Circumstances {
    @Override
    public double random() {
        return ThreadLocalRandom.current().nextDouble();
    }

    @Override
    public ExecutionId newId() {
        return node.newId();
    }

    @Override
    public FunctionPlan function(DefinitionRef ref) {
        return catalog.function(tenant, ref);
    }

    @Override
    public @Nullable Placement place(Need need) {
        Runners.Placement placed = runners.place(tenant, need);
        return placed == null ? null : new Placement(placed.runtimeClass(), placed.adapter());
    }

    @Override
    public String unserved(Need need) {
        return runners.unserved(tenant, need);
    }

    @Override
    public Limits limits() {
        return node.properties().decisionLimits();
    }

    @Override
    public String within(ExecutionId id, String traceparent) {
        String own = node.spans().within(id, traceparent);
        return own == null ? traceparent : own;
    }
}
