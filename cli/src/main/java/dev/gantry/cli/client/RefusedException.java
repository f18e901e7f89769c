package dev.gantry.cli.client;

/** The server answered with a problem. */
public final class RefusedException extends RuntimeException {
    private static final long serialVersionUID = 1L;
    private final transient Problem problem;

    RefusedException(Problem problem) {
        super(problem.detail().isEmpty() ? problem.title() : problem.detail());
        this.problem = problem;
    }

    public Problem problem() {
        return problem;
    }

    /** Whether the same request may succeed later. */
    public boolean isPassing() {
        return switch (problem.status()) {
            case 429, 502, 503, 504 -> !problem.code().equals("ADAPTER_DISCONNECTED");
            default -> false;
        };
    }
}
