package dev.gantry.spi;

import org.jspecify.annotations.Nullable;

/**
 * Why something did not work, in a form that Gantry can act on without reading message text.
 *
 * @param code stable, upper case, such as {@code EXIT_NONZERO}; see {@link Code} for the shared
 *     ones
 * @param message for people: what, where, expected, how to mend; no secrets, at most 4,000
 *     characters
 * @param actor who must act
 * @param retryable whether the same attempt may work later. False is final: no retry policy of a
 *     document or function tries it again, so it is for what the adapter knows to be hopeless, such
 *     as a workload that cannot be built. How a workload of the author's ended is the author's to
 *     judge, and retryable
 * @param progress how far the work came, which decides whether a retry is safe
 * @param by who failed
 * @param status the number that a service answered with, as those of HTTP; null if it gave none
 */
public record Failure(
        String code,
        String message,
        Actor actor,
        boolean retryable,
        Progress progress,
        By by,
        @Nullable Integer status) {
    private static final int MAX_MESSAGE = 4_000;

    public Failure {
        if (message.length() > MAX_MESSAGE) {
            message = message.substring(0, MAX_MESSAGE - 1) + "…";
        }
    }

    /** One of the step itself. */
    public Failure(String code, String message, Actor actor, boolean retryable, Progress progress) {
        this(code, message, actor, retryable, progress, By.STEP, null);
    }

    /** The same, as what it is for the work that it was a part of. */
    public Failure with(Progress of) {
        return new Failure(code, message, actor, retryable, of, by, status);
    }

    /**
     * The same, as what it is for the work that it was a part of.
     *
     * @param part of which the message tells, such as {@code the input}
     */
    public Failure of(String part, Progress of) {
        return new Failure(
                code, "%s: %s".formatted(part, message), actor, retryable, of, by, status);
    }

    public enum Actor {
        /** Who wrote the definition or its code. */
        AUTHOR,
        /** Who runs Gantry. */
        PLATFORM,
        /** Who runs the backend. */
        BACKEND,
        /** Nobody: the backend asked for a slower pace. */
        THROTTLED
    }

    /** Who failed. What a service answered is for the author of the call to judge. */
    public enum By {
        /** The step: its workload, its adapter, or the adapter's backend. */
        STEP,
        /** A service that the step called: it answered, and not with what was asked for. */
        SERVICE
    }

    /** How far the work came. Fallback and retry read this and nothing else (brief §6). */
    public enum Progress {
        /** The workload did not begin: a retry is always safe. */
        NEVER_STARTED,
        /** The workload ran and ended by itself, and the backend says how. */
        ENDED,
        /**
         * It may have run and taken effect, or was stopped half-way: a retry may repeat the effect,
         * and is for functions that declare themselves idempotent.
         */
        MAY_HAVE_COMMITTED
    }

    /** Codes that adapters share. An adapter may add its own, prefixed with its kind. */
    public static final class Code {
        public static final String IMAGE_NOT_FOUND = "IMAGE_NOT_FOUND";
        public static final String INVALID_WORKLOAD = "INVALID_WORKLOAD";

        /**
         * The workload asks for what the platform's settings do not let tenants have; see {@link
         * RunnerAdapter#check}.
         */
        public static final String NOT_ALLOWED = "NOT_ALLOWED";

        public static final String BACKEND_UNAVAILABLE = "BACKEND_UNAVAILABLE";
        public static final String BACKEND_REFUSED = "BACKEND_REFUSED";
        public static final String THROTTLED = "THROTTLED";
        public static final String EXIT_NONZERO = "EXIT_NONZERO";

        /**
         * Stopped half-way, so {@code MAY_HAVE_COMMITTED}; not retryable: the same work needs the
         * same memory again.
         */
        public static final String OUT_OF_MEMORY = "OUT_OF_MEMORY";

        public static final String KILLED = "KILLED";
        public static final String TIMEOUT = "TIMEOUT";
        public static final String OUTPUT_TOO_LARGE = "OUTPUT_TOO_LARGE";
        public static final String LOST = "LOST";
        public static final String FUNCTION_ERROR = "FUNCTION_ERROR";

        /** What should be in the blob store is not there. */
        public static final String BLOB_NOT_FOUND = "BLOB_NOT_FOUND";

        /** It is more than its owner lets the blob store keep. */
        public static final String BLOB_TOO_LARGE = "BLOB_TOO_LARGE";

        private Code() {}
    }
}
