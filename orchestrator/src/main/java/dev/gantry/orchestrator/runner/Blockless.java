package dev.gantry.orchestrator.runner;

import dev.gantry.orchestrator.id.Need;
import dev.gantry.orchestrator.tenant.Tenants;
import dev.gantry.spi.RunnerAdapter;
import dev.gantry.spi.Workload;
import java.util.List;
import java.util.Map;

/**
 * What an adapter runs without a block of its own, by its own word: a Docker engine can run a
 * function's source but no function of which it knows the name alone; a mock can run both.
 */
record Blockless(boolean functions, boolean processes) {
    private static final Workload FUNCTION =
            new Workload.Function("gantry/probe", "1.0.0", Map.of());

    /** Empty is what only a running step knows, as in {@link RunnerAdapter#check}. */
    private static final Workload PROCESS =
            new Workload.Process(
                    "probe",
                    "",
                    List.of(),
                    List.of(),
                    Map.of(),
                    null,
                    Workload.PullPolicy.IF_NOT_PRESENT,
                    Workload.Result.FUNCTION,
                    Workload.Retention.REMOVE);

    static Blockless of(RunnerAdapter adapter) {
        return new Blockless(
                adapter.check(Tenants.DEFAULT.value(), FUNCTION).isEmpty(),
                adapter.check(Tenants.DEFAULT.value(), PROCESS).isEmpty());
    }

    boolean takes(Need need) {
        return need.isProcess() ? processes : functions;
    }
}
