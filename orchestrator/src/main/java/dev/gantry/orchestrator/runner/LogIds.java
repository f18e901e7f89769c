package dev.gantry.orchestrator.runner;

import dev.gantry.spi.StepContext;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.slf4j.MDC;

/**
 * Whose work a log line is about, as MDC entries, so that text and JSON logs have them alike. They
 * are set only around a line that is written, or around work that is slow anyway and may write
 * some.
 *
 * @param step 0 if it is about no step
 */
public record LogIds(
        String tenant,
        String execution,
        String correlation,
        @Nullable String traceparent,
        int step,
        int attempt) {

    /** Takes the entries away again. */
    @FunctionalInterface
    public interface Scope extends AutoCloseable {
        Scope NONE = () -> {};

        @Override
        void close();
    }

    public static LogIds of(StepContext context) {
        return new LogIds(
                context.tenant(),
                context.executionId(),
                context.correlationId(),
                context.traceparent(),
                context.step(),
                context.attempt());
    }

    public void in(Runnable line) {
        try (Scope _ = open()) {
            line.run();
        }
    }

    public Scope open() {
        Map<String, String> before = MDC.getCopyOfContextMap();
        MDC.put("tenant", tenant);
        MDC.put("execution", execution);
        MDC.put("correlation", correlation);
        if (step > 0) {
            MDC.put("step", Integer.toString(step));
            MDC.put("attempt", Integer.toString(attempt));
        }
        String trace = StepSpans.traceId(traceparent);
        if (trace != null) {
            MDC.put("trace", trace);
        }
        return () -> {
            if (before == null) {
                MDC.clear();
            } else {
                MDC.setContextMap(before);
            }
        };
    }
}
