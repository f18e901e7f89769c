package dev.gantry.orchestrator.execution;

import dev.gantry.orchestrator.definition.plan.Scope;
import dev.gantry.orchestrator.definition.plan.Task;
import dev.gantry.orchestrator.definition.plan.WorkflowPlan;
import dev.gantry.orchestrator.id.Need;
import dev.gantry.orchestrator.id.TenantId;
import java.util.LinkedHashSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Which placements a workflow will ask for, so that a start can be refused in time (BR-012). */
final class PlanNeeds {
    private PlanNeeds() {}

    static Set<Need> of(WorkflowPlan plan, TenantId tenant, Catalog catalog) {
        Set<Need> needs = new LinkedHashSet<>();
        collect(plan.main(), tenant, catalog, needs);
        return needs;
    }

    private static void collect(
            @Nullable Scope scope, TenantId tenant, Catalog catalog, Set<Need> needs) {
        if (scope != null) {
            scope.tasks().forEach(task -> collect(task, tenant, catalog, needs));
        }
    }

    private static void collect(Task task, TenantId tenant, Catalog catalog, Set<Need> needs) {
        if (task.common().compensation() != null) {
            collect(task.common().compensation().body(), tenant, catalog, needs);
        }
        switch (task) {
            case Task.Do doTask -> collect(doTask.body(), tenant, catalog, needs);
            case Task.Extended extended -> collect(extended.body(), tenant, catalog, needs);
            case Task.For loop -> collect(loop.body(), tenant, catalog, needs);
            case Task.Fork fork ->
                    fork.branches().forEach(branch -> collect(branch, tenant, catalog, needs));
            case Task.Try attempt -> {
                collect(attempt.body(), tenant, catalog, needs);
                collect(attempt.onError().handler(), tenant, catalog, needs);
            }
            case Task.CallFunction call ->
                    needs.add(call.placement().need(catalog.function(tenant, call.function())));
            case Task.RunProcess run -> needs.add(run.placement().need());
            case Task.Listen listen -> {
                if (listen.each() != null) {
                    collect(listen.each().body(), tenant, catalog, needs);
                }
            }
            case Task.Set _,
                    Task.Emit _,
                    Task.Switch _,
                    Task.Raise _,
                    Task.Wait _,
                    Task.CallHttp _,
                    Task.CallOpenApi _,
                    Task.CallGrpc _,
                    Task.RunWorkflow _ -> {}
        }
    }
}
