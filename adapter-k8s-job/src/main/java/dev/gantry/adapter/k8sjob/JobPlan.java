package dev.gantry.adapter.k8sjob;

import dev.gantry.process.Binding;
import dev.gantry.process.Block;
import dev.gantry.process.Plan;
import dev.gantry.spi.StoredInput;
import dev.gantry.spi.Workload;
import dev.gantry.spi.WorkloadProblem;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What an attempt's workload asks for, whichever form it has.
 *
 * @param usesShell whether the process is begun by the image's shell, which can do more for it
 * @param serviceAccount null for the platform's
 * @param nodeSelector in addition to the platform's
 * @param takesReference whether the process reads an input that no Secret takes from where it lies
 */
record JobPlan(
        Workload.Process process,
        List<WorkloadProblem> mistakes,
        boolean usesShell,
        @Nullable String serviceAccount,
        Map<String, String> nodeSelector,
        boolean takesReference)
        implements Plan {
    private static final Set<String> KEYS = keys();

    private static Set<String> keys() {
        Set<String> keys = new HashSet<>(Binding.KEYS);
        keys.addAll(Set.of("shell", "serviceAccount", "nodeSelector", "largeInput"));
        return Set.copyOf(keys);
    }

    static JobPlan of(Workload workload) {
        return switch (workload) {
            case Workload.Process process ->
                    new JobPlan(process, List.of(), hasCommand(process), null, Map.of(), false);
            case Workload.Function function -> of(function);
            case Workload.Call _ -> throw new IllegalArgumentException("a call needs no job");
        };
    }

    private static JobPlan of(Workload.Function function) {
        Block block = Block.of(function.binding(), "the k8s-job block", KEYS);
        Workload.Process process = Binding.process(function, block, K8sJobProvider.KIND);
        Boolean shell = block.flag("shell");
        String serviceAccount = block.text("serviceAccount");
        Map<String, String> nodeSelector = block.named("nodeSelector");
        boolean takesReference =
                Boolean.TRUE.equals(block.oneOf("largeInput", Map.of(StoredInput.REFERENCE, true)));
        if (Boolean.TRUE.equals(shell) && !hasCommand(process)) {
            block.problem(
                    "shell",
                    "a shell can only begin a command, and there is none",
                    "'command'",
                    "add the image's entry point as 'command', or remove 'shell'");
        }
        return new JobPlan(
                process,
                block.problems(),
                hasCommand(process) && !Boolean.FALSE.equals(shell),
                serviceAccount,
                nodeSelector,
                takesReference);
    }

    /** Only the image's registry knows the image's own entry point. */
    private static boolean hasCommand(Workload.Process process) {
        return !process.command().isEmpty();
    }
}
