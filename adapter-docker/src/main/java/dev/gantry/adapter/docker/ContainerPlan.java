package dev.gantry.adapter.docker;

import dev.gantry.process.Binding;
import dev.gantry.process.Block;
import dev.gantry.process.Plan;
import dev.gantry.spi.Workload;
import dev.gantry.spi.WorkloadProblem;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * What an attempt's workload asks for, whichever form it has.
 *
 * @param network null for the platform's
 * @param user null for the platform's
 */
record ContainerPlan(
        Workload.Process process,
        @Nullable String network,
        @Nullable String user,
        List<WorkloadProblem> mistakes)
        implements Plan {

    static ContainerPlan of(Workload workload) {
        return switch (workload) {
            case Workload.Process process -> new ContainerPlan(process, null, null, List.of());
            case Workload.Function function -> of(function);
            case Workload.Call _ -> throw new IllegalArgumentException("a call needs no container");
        };
    }

    private static ContainerPlan of(Workload.Function function) {
        Set<String> keys = new TreeSet<>(Binding.KEYS);
        keys.addAll(List.of("network", "user"));
        Block block = Block.of(function.binding(), "the docker block", keys);
        Workload.Process process = Binding.process(function, block, DockerProvider.KIND);
        String network = block.text("network");
        String user = block.text("user");
        return new ContainerPlan(process, network, user, block.problems());
    }
}
