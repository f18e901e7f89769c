package dev.gantry.spi;

/** The workload could not be run, observed or stopped. */
public final class ExecutionException extends RunnerException {
    private static final long serialVersionUID = 1L;

    public ExecutionException(Failure failure) {
        super(failure);
    }

    public ExecutionException(Failure failure, Throwable cause) {
        super(failure, cause);
    }
}
