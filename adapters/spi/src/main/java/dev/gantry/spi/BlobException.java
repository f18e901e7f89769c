package dev.gantry.spi;

/**
 * A call of a blob store failed. Its failure's progress is that of the call: {@code NEVER_STARTED}
 * when nothing was changed, {@code MAY_HAVE_COMMITTED} when it may have been; every call may be
 * made again.
 */
public final class BlobException extends RunnerException {
    private static final long serialVersionUID = 1L;

    /** There is no store, and something is to be stored, or was. */
    public static BlobException noStore() {
        return new BlobException(
                new Failure(
                        Failure.Code.BACKEND_UNAVAILABLE,
                        "there is no place for large payloads: set gantry.blobs.bucket",
                        Failure.Actor.PLATFORM,
                        true,
                        Failure.Progress.NEVER_STARTED));
    }

    public BlobException(Failure failure) {
        super(failure);
    }

    public BlobException(Failure failure, Throwable cause) {
        super(failure, cause);
    }
}
