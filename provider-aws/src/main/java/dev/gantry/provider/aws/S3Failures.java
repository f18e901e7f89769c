package dev.gantry.provider.aws;

import dev.gantry.spi.BlobException;
import dev.gantry.spi.Failure;
import dev.gantry.spi.Failure.Actor;
import dev.gantry.spi.Failure.Code;
import dev.gantry.spi.Failure.Progress;
import software.amazon.awssdk.awscore.exception.AwsServiceException;
import software.amazon.awssdk.core.exception.AbortedException;
import software.amazon.awssdk.core.exception.SdkException;

/** What it means that S3 refused a call, or did not answer. */
final class S3Failures {
    private static final int NOT_FOUND = 404;
    private static final int THROTTLED = 429;
    private static final int UNAVAILABLE = 503;
    private static final int FROM_THE_SERVICE = 500;

    private S3Failures() {}

    /**
     * @param doing what cannot be done, such as {@code blob x cannot be stored}
     */
    static BlobException of(String doing, SdkException e) {
        if (e instanceof AbortedException) {
            Thread.currentThread().interrupt();
        }
        if (e instanceof AwsServiceException refused) {
            return new BlobException(refusal(doing, refused), e);
        }
        // No connection, no answer in time, or no credentials.
        return new BlobException(
                new Failure(
                        Code.BACKEND_UNAVAILABLE,
                        "%s: %s".formatted(doing, reason(e)),
                        Actor.BACKEND,
                        true,
                        Progress.MAY_HAVE_COMMITTED),
                e);
    }

    private static Failure refusal(String doing, AwsServiceException e) {
        String code = code(e);
        String told = "%s: S3 says %d %s".formatted(doing, e.statusCode(), code);
        if (code.equals("NoSuchKey")) {
            return new Failure(
                    Code.BLOB_NOT_FOUND, told, Actor.PLATFORM, false, Progress.NEVER_STARTED);
        }
        if (e.statusCode() == UNAVAILABLE
                || e.statusCode() == THROTTLED
                || e.isThrottlingException()) {
            return new Failure(Code.THROTTLED, told, Actor.THROTTLED, true, Progress.NEVER_STARTED);
        }
        if (e.statusCode() >= FROM_THE_SERVICE) {
            return new Failure(
                    Code.BACKEND_UNAVAILABLE,
                    told,
                    Actor.BACKEND,
                    true,
                    Progress.MAY_HAVE_COMMITTED);
        }
        // Bucket, rights, keys: whoever runs Gantry mends them, and the same call is good then.
        return new Failure(
                Code.BACKEND_REFUSED,
                told + "; see gantry.blobs, and the rights of Gantry's credentials on the bucket",
                Actor.PLATFORM,
                true,
                Progress.NEVER_STARTED);
    }

    static boolean isMissing(AwsServiceException e) {
        return e.statusCode() == NOT_FOUND && code(e).equals("NoSuchKey");
    }

    /** The text may name keys and hosts; the code says what is wrong. */
    private static String code(AwsServiceException e) {
        return e.awsErrorDetails() == null || e.awsErrorDetails().errorCode() == null
                ? "without a code"
                : e.awsErrorDetails().errorCode();
    }

    static BlobException tooLarge(String doing, long most) {
        return new BlobException(
                new Failure(
                        Code.BLOB_TOO_LARGE,
                        "%s: it has more than %d bytes".formatted(doing, most),
                        Actor.AUTHOR,
                        false,
                        Progress.NEVER_STARTED));
    }

    static BlobException unreadable(String doing, Exception e) {
        return new BlobException(
                new Failure(
                        Code.BACKEND_UNAVAILABLE,
                        "%s: what is to be stored could not be read: %s".formatted(doing, e),
                        Actor.PLATFORM,
                        true,
                        Progress.NEVER_STARTED),
                e);
    }

    private static String reason(Throwable e) {
        Throwable root = e;
        while (root.getCause() != null) {
            root = root.getCause();
        }
        return "%s: %s".formatted(root.getClass().getSimpleName(), root.getMessage());
    }
}
