package dev.gantry.spi;

import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Who runs what: it accompanies every call, is in every log line, and is on every backend resource
 * as {@linkplain #labels() labels}.
 *
 * @param installation the Gantry installation; resources of another one are never touched
 * @param tenant the isolation unit
 * @param executionId the execution's id, a UUID in text form
 * @param step the step's number, unique within the execution
 * @param taskPointer JSON Pointer of the task in its workflow definition, such as {@code
 *     /do/0/charge}
 * @param iteration the loop position, such as {@code 3} or {@code 3.0}; empty outside of loops
 * @param attempt the n-th try of the step, from 1
 * @param correlationId the caller's id for everything that belongs to one business request
 * @param initiator who started the execution, such as {@code user:ann} or {@code key:ci}
 * @param idempotencyKey the same for every attempt of the step; given to the workload
 * @param traceparent W3C trace context, if the execution is traced
 */
public record StepContext(
        String installation,
        String tenant,
        String executionId,
        int step,
        String taskPointer,
        String iteration,
        int attempt,
        String correlationId,
        String initiator,
        String idempotencyKey,
        @Nullable String traceparent) {

    /** Prefix of every label that Gantry sets on a backend resource. */
    public static final String LABEL_PREFIX = "dev.gantry.";

    public StepContext {
        if (attempt < 1) {
            throw new IllegalArgumentException(
                    "attempt is %d, attempts count from 1".formatted(attempt));
        }
    }

    /**
     * The ids as backend labels, keys prefixed with {@value #LABEL_PREFIX}. Backends with a
     * narrower alphabet encode the values, and never drop {@code installation}, {@code execution},
     * {@code step} or {@code attempt}.
     */
    public Map<String, String> labels() {
        Map<String, String> labels = new LinkedHashMap<>();
        labels.put(LABEL_PREFIX + "installation", installation);
        labels.put(LABEL_PREFIX + "tenant", tenant);
        labels.put(LABEL_PREFIX + "execution", executionId);
        labels.put(LABEL_PREFIX + "step", Integer.toString(step));
        labels.put(LABEL_PREFIX + "task", taskPointer);
        labels.put(LABEL_PREFIX + "iteration", iteration);
        labels.put(LABEL_PREFIX + "attempt", Integer.toString(attempt));
        labels.put(LABEL_PREFIX + "correlation", correlationId);
        if (traceparent != null) {
            labels.put(LABEL_PREFIX + "traceparent", traceparent);
        }
        return labels;
    }
}
