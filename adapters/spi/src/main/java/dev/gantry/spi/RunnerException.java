package dev.gantry.spi;

/**
 * A broken call of an adapter or of a blob store, with the {@link Failure} that says what to do
 * about it. The phase is the subclass (ADR-007).
 */
public abstract sealed class RunnerException extends Exception
        permits ProvisionException,
                ExecutionException,
                ArtifactException,
                TeardownException,
                BlobException {
    private static final long serialVersionUID = 1L;

    private final transient Failure failure;

    RunnerException(Failure failure, Throwable cause) {
        super(failure.code() + ": " + failure.message(), cause);
        this.failure = failure;
    }

    RunnerException(Failure failure) {
        super(failure.code() + ": " + failure.message());
        this.failure = failure;
    }

    public Failure failure() {
        return failure;
    }
}
