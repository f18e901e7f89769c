package dev.gantry.orchestrator.execution;

import com.fasterxml.jackson.databind.JsonNode;
import dev.gantry.spi.Outcome;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One step with its attempts.
 *
 * @param step number, unique in the execution
 * @param workload {@code namespace/name:version} of a function, {@code http}, or the image
 * @param status {@code scheduled, running, cancelling, backoff, undecided, succeeded, failed,
 *     cancelled}
 */
public record StepView(
        int step,
        String pointer,
        String iteration,
        String workload,
        @Nullable String runtimeClass,
        String status,
        JsonNode input,
        @Nullable JsonNode output,
        List<AttemptView> attempts) {
    public StepView {
        attempts = List.copyOf(attempts);
    }

    /**
     * @param failureCode stable code, null unless it failed
     * @param progress {@code NEVER_STARTED, ENDED, MAY_HAVE_COMMITTED}, null unless it failed
     * @param usage null if nothing is known of it
     */
    public record AttemptView(
            int attempt,
            @Nullable String adapter,
            String status,
            Instant scheduledAt,
            @Nullable Instant startedAt,
            @Nullable Instant endedAt,
            @Nullable String failureCode,
            @Nullable String message,
            @Nullable String progress,
            Outcome.@Nullable Usage usage) {}
}
