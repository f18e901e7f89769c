package dev.gantry.adapter.lambda;

import dev.gantry.spi.ExecutionException;
import dev.gantry.spi.Failure;
import dev.gantry.spi.Failure.Actor;
import dev.gantry.spi.Failure.Code;
import dev.gantry.spi.Failure.Progress;
import org.jspecify.annotations.Nullable;

/** Failures that need no error of AWS. */
final class Failures {
    /** An attempt of the same step may still be running, and cannot be stopped. */
    static final String EARLIER_ATTEMPT = "LAMBDA_EARLIER_ATTEMPT_MAY_RUN";

    private Failures() {}

    static Failure invalid(String message) {
        return new Failure(
                Code.INVALID_WORKLOAD, message, Actor.AUTHOR, false, Progress.NEVER_STARTED);
    }

    static Failure notAllowed(String message) {
        return new Failure(Code.NOT_ALLOWED, message, Actor.AUTHOR, false, Progress.NEVER_STARTED);
    }

    static Failure notConfigured() {
        return new Failure(
                Code.BACKEND_UNAVAILABLE,
                "Lambda is not configured: set gantry.adapters.lambda.region",
                Actor.PLATFORM,
                true,
                Progress.NEVER_STARTED);
    }

    static Failure earlierAttempt(String message) {
        return new Failure(EARLIER_ATTEMPT, message, Actor.THROTTLED, true, Progress.NEVER_STARTED);
    }

    /** Nobody sees it any more, and it may have run. */
    static Failure lost(String message) {
        return new Failure(Code.LOST, message, Actor.BACKEND, true, Progress.MAY_HAVE_COMMITTED);
    }

    static ExecutionException lost(String message, @Nullable Throwable cause) {
        return cause == null
                ? new ExecutionException(lost(message))
                : new ExecutionException(lost(message), cause);
    }

    /** What the innermost cause says: the outer ones repeat it, or say nothing. */
    static String reason(Throwable e) {
        Throwable root = e;
        while (root.getCause() != null) {
            root = root.getCause();
        }
        return "%s: %s".formatted(root.getClass().getSimpleName(), root.getMessage());
    }
}
