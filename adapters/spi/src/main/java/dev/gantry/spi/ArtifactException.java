package dev.gantry.spi;

/**
 * Logs or output files could not be brought in; what the sink took is stored, and collect may be
 * called again.
 */
public final class ArtifactException extends RunnerException {
    private static final long serialVersionUID = 1L;

    public ArtifactException(Failure failure) {
        super(failure);
    }

    public ArtifactException(Failure failure, Throwable cause) {
        super(failure, cause);
    }
}
