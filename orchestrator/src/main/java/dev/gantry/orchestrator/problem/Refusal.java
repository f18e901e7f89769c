package dev.gantry.orchestrator.problem;

import java.util.List;
import java.util.Map;

/** Ends the handling of a request with a problem. */
public final class Refusal extends RuntimeException {
    private static final long serialVersionUID = 1L;
    private final transient Problem problem;

    public Refusal(ProblemCode code, String detail) {
        this(Problem.of(code, detail));
    }

    public Refusal(ProblemCode code, String detail, Map<String, ?> details) {
        this(Problem.of(code, detail, details, List.of()));
    }

    public Refusal(ProblemCode code, String detail, List<?> errors) {
        this(Problem.of(code, detail, Map.of(), errors));
    }

    private Refusal(Problem problem) {
        // Without a stack trace: it is an answer, not a fault.
        super(problem.detail(), null, false, false);
        this.problem = problem;
    }

    public Problem problem() {
        return problem;
    }
}
