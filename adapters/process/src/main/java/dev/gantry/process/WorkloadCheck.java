package dev.gantry.adapter.docker;

import dev.gantry.spi.Attempt;
import dev.gantry.spi.ProvisionException;
import dev.gantry.spi.Workload;
import dev.gantry.spi.WorkloadProblem;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/** Looks at workloads, when they are published and again when they are to run. */
final class WorkloadCheck {
    private static final String OWN = "GANTRY_";

    private final DockerPolicy policy;

    WorkloadCheck(DockerPolicy policy) {
        this.policy = policy;
    }

    /** Everything that is wrong, or not allowed. */
    List<WorkloadProblem> problems(String tenant, Workload workload) {
        List<WorkloadProblem> problems = new ArrayList<>(mistakes(workload));
        ContainerPlan plan = ContainerPlan.of(workload);
        plan.environment().keySet().stream()
                .filter(name -> name.startsWith(OWN))
                .forEach(name ->
                        problems.add(
                                new WorkloadProblem(
                                        "/environment/" + WorkloadProblem.escaped(name),
                                        "variable %s is Gantry's own".formatted(name),
                                        "names that do not begin with " + OWN,
                                        null)));
        problems.addAll(policy.violations(tenant, plan));
        return problems;
    }

    private static List<WorkloadProblem> mistakes(Workload workload) {
        List<WorkloadProblem> mistakes = new ArrayList<>();
        if (workload instanceof Workload.Function function) {
            mistakes.addAll(new Binding(function).problems());
        }
        ContainerPlan plan = ContainerPlan.of(workload);
        mistakes.addAll(ProcessStart.problems(plan));
        if (!plan.image().isEmpty() && ImageName.of(plan.image()).isEmpty()) {
            mistakes.add(
                    new WorkloadProblem(
                            "/image",
                            "'%s' is no image".formatted(plan.image()),
                            "such as registry.example/charge:2, in lower case",
                            null));
        }
        return mistakes;
    }

    /** What cannot be run, or may not, is refused; the reasons are all in one message. */
    ContainerPlan require(Attempt attempt) throws ProvisionException {
        List<WorkloadProblem> mistakes = mistakes(attempt.workload());
        ContainerPlan plan = ContainerPlan.of(attempt);
        if (!mistakes.isEmpty()) {
            throw new ProvisionException(Failures.invalid(text(mistakes)));
        }
        if (plan.image().isBlank()) {
            throw new ProvisionException(Failures.invalid("there is no image to run"));
        }
        List<WorkloadProblem> violations = policy.violations(attempt.context().tenant(), plan);
        if (!violations.isEmpty()) {
            throw DockerPolicy.refused(text(violations));
        }
        policy.require(attempt.limits());
        return plan;
    }

    private static String text(List<WorkloadProblem> problems) {
        return problems.stream()
                .map(problem ->
                        problem.expected() == null
                                ? problem.message()
                                : "%s; expected is %s"
                                        .formatted(problem.message(), problem.expected()))
                .collect(Collectors.joining("; "));
    }
}
