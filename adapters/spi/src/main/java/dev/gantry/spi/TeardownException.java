package dev.gantry.spi;

/** The resource could not be released; the reaper finds it through owned(). */
public final class TeardownException extends RunnerException {
    private static final long serialVersionUID = 1L;

    public TeardownException(Failure failure) {
        super(failure);
    }

    public TeardownException(Failure failure, Throwable cause) {
        super(failure, cause);
    }
}
