package dev.gantry.process;

import dev.gantry.spi.Attempt;
import dev.gantry.spi.ProvisionException;
import dev.gantry.spi.Workload;
import dev.gantry.spi.WorkloadProblem;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;

/** Looks at workloads, when they are published and again when they are to run. */
public final class WorkloadCheck<P extends Plan> {
    private final Function<Workload, P> reading;
    private final Policy<P> policy;
    private final LimitPolicy limits;

    /** What the platform lets tenants ask for. */
    public interface Policy<P> {
        /** What the plan asks for and the tenant may not have. */
        List<WorkloadProblem> violations(String tenant, P plan);
    }

    public WorkloadCheck(Function<Workload, P> reading, Policy<P> policy, LimitPolicy limits) {
        this.reading = reading;
        this.policy = policy;
        this.limits = limits;
    }

    /** Everything that is wrong, or not allowed. */
    public List<WorkloadProblem> problems(String tenant, Workload workload) {
        P plan = reading.apply(workload);
        List<WorkloadProblem> problems = mistakes(plan);
        plan.process().environment().keySet().stream()
                .filter(name -> name.startsWith(ProcessStart.OWN))
                .forEach(name ->
                        problems.add(
                                new WorkloadProblem(
                                        "/environment/" + WorkloadProblem.escaped(name),
                                        "variable %s is Gantry's own".formatted(name),
                                        "names that do not begin with " + ProcessStart.OWN,
                                        null)));
        problems.addAll(policy.violations(tenant, plan));
        return problems;
    }

    private List<WorkloadProblem> mistakes(P plan) {
        List<WorkloadProblem> mistakes = new ArrayList<>(plan.mistakes());
        mistakes.addAll(StartCheck.problems(plan.process()));
        String image = plan.process().image();
        if (!image.isEmpty() && ImageName.of(image).isEmpty()) {
            mistakes.add(
                    new WorkloadProblem(
                            "/image",
                            "'%s' is no image".formatted(image),
                            "such as registry.example/charge:2, in lower case",
                            null));
        }
        return mistakes;
    }

    /** What cannot be run, or may not, is refused; the reasons are all in one message. */
    public P require(Attempt attempt) throws ProvisionException {
        P plan = reading.apply(attempt.workload());
        List<WorkloadProblem> mistakes = mistakes(plan);
        if (!mistakes.isEmpty()) {
            throw new ProvisionException(Refusal.invalid(WorkloadProblem.text(mistakes)));
        }
        if (plan.process().image().isBlank()) {
            throw new ProvisionException(Refusal.invalid("there is no image to run"));
        }
        List<WorkloadProblem> violations = policy.violations(attempt.context().tenant(), plan);
        if (!violations.isEmpty()) {
            throw new ProvisionException(Refusal.notAllowed(WorkloadProblem.text(violations)));
        }
        limits.require(attempt.limits());
        return plan;
    }
}
