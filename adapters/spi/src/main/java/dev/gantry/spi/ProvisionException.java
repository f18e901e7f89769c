package dev.gantry.spi;

/**
 * The backend did not prepare the environment; the workload did not begin unless the failure says
 * so.
 */
public final class ProvisionException extends RunnerException {
    private static final long serialVersionUID = 1L;

    public ProvisionException(Failure failure) {
        super(failure);
    }

    public ProvisionException(Failure failure, Throwable cause) {
        super(failure, cause);
    }
}
