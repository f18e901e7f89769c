package dev.gantry.orchestrator.definition.plan;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * The language's retry policy.
 *
 * @param when must be true, if set, to retry; {@code $error} is the error
 * @param exceptWhen must not be true to retry
 * @param delay before the first retry
 * @param backoff how the delay grows
 * @param jitterFrom least random addition, with {@code jitterTo}; both zero for none
 * @param maxAttempts how many retries at most; Gantry's ceiling applies where null
 * @param attemptDuration limit of each attempt, or null
 * @param maxDuration from the first failure, or null
 */
public record RetryPolicy(
        @Nullable Template when,
        @Nullable Template exceptWhen,
        @Nullable DurationTemplate delay,
        Backoff backoff,
        @Nullable DurationTemplate jitterFrom,
        @Nullable DurationTemplate jitterTo,
        @Nullable Integer maxAttempts,
        @Nullable DurationTemplate attemptDuration,
        @Nullable DurationTemplate maxDuration) {

    public enum Backoff {
        CONSTANT,
        LINEAR,
        EXPONENTIAL;

        /** The delay before retry {@code n}, counted from 1, at most {@code cap}. */
        public Duration delay(Duration first, int n, Duration cap) {
            double factor =
                    switch (this) {
                        case CONSTANT -> 1;
                        case LINEAR -> n;
                        case EXPONENTIAL -> Math.pow(2, n - 1);
                    };
            double millis = first.toMillis() * factor;
            return millis >= cap.toMillis() ? cap : Duration.ofMillis((long) millis);
        }
    }
}
