package dev.gantry.orchestrator.engine;

import com.fasterxml.jackson.databind.JsonNode;
import dev.gantry.orchestrator.definition.plan.Arguments;
import dev.gantry.orchestrator.definition.plan.DurationTemplate;
import dev.gantry.orchestrator.definition.plan.ExpressionException;
import dev.gantry.orchestrator.definition.plan.RetryPolicy;
import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** Whether a retry policy allows another try, and when it comes. */
final class Retries {
    /** What a policy's first delay may grow to. */
    private static final Duration LONGEST_GROWN = Duration.ofDays(1);

    private static final Duration PLATFORM_DELAY = Duration.ofMillis(200);
    private static final Duration LONGEST_PLATFORM_DELAY = Duration.ofSeconds(10);

    private Retries() {}

    /**
     * @param n the retry to come, counted from 1
     */
    static boolean allows(
            Turn turn,
            RetryPolicy policy,
            int n,
            @Nullable Instant firstFailure,
            JsonNode on,
            Arguments data)
            throws ExpressionException {
        int ceiling = turn.circumstances.limits().maxRetries();
        int limit =
                policy.maxAttempts() == null ? ceiling : Math.min(policy.maxAttempts(), ceiling);
        if (n > limit) {
            return false;
        }
        if (limit == ceiling && n == Circumstances.Limits.warnedOf(ceiling)) {
            turn.warn(
                    "%d of at most %d retries of one policy (gantry.execution.max-retries)"
                            .formatted(n, ceiling));
        }
        if (policy.maxDuration() != null
                && firstFailure != null
                && turn.now.isAfter(firstFailure.plus(policy.maxDuration().evaluate(on, data)))) {
            return false;
        }
        return (policy.when() == null || policy.when().test(on, data))
                && (policy.exceptWhen() == null || !policy.exceptWhen().test(on, data));
    }

    static Instant at(Turn turn, RetryPolicy policy, int n, JsonNode on, Arguments data) {
        Duration first = evaluate(policy.delay(), on, data);
        Duration longest = first.compareTo(LONGEST_GROWN) > 0 ? first : LONGEST_GROWN;
        Duration delay = policy.backoff().delay(first, n, longest);
        Duration from = evaluate(policy.jitterFrom(), on, data);
        Duration to = evaluate(policy.jitterTo(), on, data);
        long spread = Math.max(0, to.toMillis() - from.toMillis());
        long jitter = from.toMillis() + (long) (turn.circumstances.random() * spread);
        return turn.now.plus(delay).plusMillis(jitter);
    }

    /** For what never started: 200 ms, doubling up to 10 s, with half of it random. */
    static Instant platformAt(Turn turn, int n) {
        Duration delay =
                RetryPolicy.Backoff.EXPONENTIAL.delay(PLATFORM_DELAY, n, LONGEST_PLATFORM_DELAY);
        double share = 0.5 + turn.circumstances.random() / 2;
        return turn.now.plusMillis((long) (delay.toMillis() * share));
    }

    private static Duration evaluate(
            @Nullable DurationTemplate template, JsonNode on, Arguments data) {
        if (template == null) {
            return Duration.ZERO;
        }
        try {
            return template.evaluate(on, data);
        } catch (ExpressionException e) {
            // The error that is being retried matters more than its delay.
            return Duration.ofSeconds(1);
        }
    }
}
