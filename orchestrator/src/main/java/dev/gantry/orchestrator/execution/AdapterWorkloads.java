package dev.gantry.orchestrator.execution;

import dev.gantry.orchestrator.definition.Workloads;
import dev.gantry.orchestrator.id.Need;
import dev.gantry.orchestrator.id.TenantId;
import dev.gantry.orchestrator.runner.Runners;
import dev.gantry.spi.TeardownException;
import dev.gantry.spi.Workload;
import dev.gantry.spi.WorkloadProblem;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/** Lets this node's adapters look at what documents ask of them. */
final class AdapterWorkloads implements Workloads {
    private final Runners runners;

    AdapterWorkloads(Runners runners) {
        this.runners = runners;
    }

    @Override
    public Set<String> adapters() {
        return runners.list().stream()
                .map(Runners.AdapterView::kind)
                .collect(Collectors.toUnmodifiableSet());
    }

    @Override
    public List<String> candidates(TenantId tenant, Need need) {
        return runners.candidates(tenant, need);
    }

    @Override
    public Map<String, WorkloadProblem> lacks(TenantId tenant, Need need) {
        return runners.lacks(tenant, need);
    }

    @Override
    public List<WorkloadProblem> check(TenantId tenant, String adapter, Workload workload) {
        return runners.check(tenant, adapter, workload);
    }

    @Override
    public void undeploy(TenantId tenant, String adapter, Workload.Function function)
            throws TeardownException {
        runners.undeploy(tenant, adapter, function);
    }
}
