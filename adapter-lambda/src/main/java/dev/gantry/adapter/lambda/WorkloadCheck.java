package dev.gantry.adapter.lambda;

import dev.gantry.spi.Attempt;
import dev.gantry.spi.ProvisionException;
import dev.gantry.spi.Workload;
import dev.gantry.spi.WorkloadProblem;
import java.util.ArrayList;
import java.util.List;

/** Looks at workloads, when they are published and again when they are to run. */
final class WorkloadCheck {
    private static final WorkloadProblem NO_PROCESS =
            new WorkloadProblem(
                    "",
                    "Lambda runs registered functions, and no processes in images",
                    "a function with a block 'lambda', or another adapter",
                    null);

    private final LambdaPolicy policy;

    WorkloadCheck(LambdaPolicy policy) {
        this.policy = policy;
    }

    List<WorkloadProblem> problems(String tenant, Workload workload) {
        return switch (workload) {
            case Workload.Process _, Workload.Call _ -> List.of(NO_PROCESS);
            case Workload.Function function -> {
                Binding binding = new Binding(function);
                yield binding.target()
                        .map(target -> policy.violations(tenant, target))
                        .orElse(binding.problems());
            }
        };
    }

    /** What cannot be run, or may not, is refused; the reasons are all in one message. */
    Target require(Attempt attempt) throws ProvisionException {
        if (!(attempt.workload() instanceof Workload.Function function)) {
            throw new ProvisionException(
                    Failures.invalid(WorkloadProblem.text(List.of(NO_PROCESS))));
        }
        Binding binding = new Binding(function);
        Target target =
                binding.target()
                        .orElseThrow(() ->
                                new ProvisionException(
                                        Failures.invalid(
                                                WorkloadProblem.text(binding.problems()))));
        List<WorkloadProblem> violations =
                new ArrayList<>(policy.violations(attempt.context().tenant(), target));
        policy.lack(function).ifPresent(violations::add);
        if (!violations.isEmpty()) {
            throw new ProvisionException(Failures.notAllowed(WorkloadProblem.text(violations)));
        }
        return target;
    }
}
