package dev.gantry.orchestrator.definition;

import dev.gantry.orchestrator.id.Need;
import dev.gantry.orchestrator.id.TenantId;
import dev.gantry.spi.TeardownException;
import dev.gantry.spi.Workload;
import dev.gantry.spi.WorkloadProblem;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** What the adapters of this installation say about a document's workloads, before they run. */
public interface Workloads {
    /** The kinds that functions can have a block for. */
    Set<String> adapters();

    /** The adapters that could take such a step, connected or not; the best first. */
    List<String> candidates(TenantId tenant, Need need);

    /** What the adapters lack, by their kinds, that could take such a step otherwise. */
    default Map<String, WorkloadProblem> lacks(TenantId tenant, Need need) {
        return Map.of();
    }

    /** Nothing if the adapter is not here. */
    List<WorkloadProblem> check(TenantId tenant, String adapter, Workload workload);

    /**
     * Takes away what the adapter has deployed for the function; nothing if it is not here.
     *
     * @throws TeardownException when its backend does not do it now
     */
    void undeploy(TenantId tenant, String adapter, Workload.Function function)
            throws TeardownException;
}
