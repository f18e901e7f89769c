package dev.gantry.spi;

/**
 * A call of a blob store failed. Its failure's progress is that of the call: {@code NEVER_STARTED}
 * when nothing was changed, {@code MAY_HAVE_COMMITTED} when it may have been; every call may be
 * made again.
 */
public final class BlobException extends RunnerException {
    private static final long serialVersionUID = 1L;

    public BlobException(Failure failure) {
        super(failure);
    }

    public BlobException(Failure failure, Throwable cause) {
        super(failure, cause);
    }
}
