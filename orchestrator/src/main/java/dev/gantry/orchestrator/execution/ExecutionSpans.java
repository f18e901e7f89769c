package dev.gantry.orchestrator.execution;

import dev.gantry.orchestrator.engine.ExecutionStatus;
import dev.gantry.orchestrator.id.DefinitionRef;
import dev.gantry.orchestrator.id.ExecutionId;
import io.opentelemetry.api.common.AttributeKey;
import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.SpanContext;
import io.opentelemetry.api.trace.StatusCode;
import io.opentelemetry.api.trace.TraceFlags;
import io.opentelemetry.api.trace.TraceState;
import io.opentelemetry.api.trace.Tracer;
import io.opentelemetry.context.Context;
import io.opentelemetry.sdk.trace.IdGenerator;
import java.util.HexFormat;
import org.jspecify.annotations.Nullable;

/**
 * The spans of executions, the parents of their steps' spans. Such a span has the second half of
 * the execution's id, so that steps can name it long before it is recorded: at the end, with the
 * times of the journal, by whatever process the execution ends in.
 */
final class ExecutionSpans {
    private static final AttributeKey<String> TENANT = AttributeKey.stringKey("gantry.tenant");
    private static final AttributeKey<String> EXECUTION =
            AttributeKey.stringKey("gantry.execution");
    private static final AttributeKey<String> DEFINITION =
            AttributeKey.stringKey("gantry.definition");
    private static final AttributeKey<String> CORRELATION =
            AttributeKey.stringKey("gantry.correlation");
    private static final AttributeKey<String> STATUS = AttributeKey.stringKey("gantry.status");

    /** {@code 00-<32 digits>-<16 digits>-<2 digits>}. */
    private static final int LENGTH = 55;

    private static final ThreadLocal<String> NEXT = new ThreadLocal<>();

    /** Chance, but for the one span whose id is known. */
    static final IdGenerator IDS =
            new IdGenerator() {
                private final IdGenerator random = IdGenerator.random();

                @Override
                public String generateSpanId() {
                    String next = NEXT.get();
                    return next == null ? random.generateSpanId() : next;
                }

                @Override
                public String generateTraceId() {
                    return random.generateTraceId();
                }
            };

    private final @Nullable Tracer tracer;

    /**
     * @param tracer whose spans have ids by {@link #IDS}; null if nothing is traced
     */
    ExecutionSpans(@Nullable Tracer tracer) {
        this.tracer = tracer;
    }

    /** The context of what the execution does: below its own span, if there will be one. */
    @Nullable String within(ExecutionId id, @Nullable String traceparent) {
        return traceparent == null || !isRecorded(traceparent)
                ? traceparent
                : traceparent.substring(0, 36) + spanId(id) + traceparent.substring(52);
    }

    private boolean isRecorded(String traceparent) {
        return tracer != null
                && traceparent.length() == LENGTH
                && (Character.digit(traceparent.charAt(LENGTH - 1), 16) & 1) == 1;
    }

    private static String spanId(ExecutionId id) {
        return HexFormat.of().toHexDigits(id.value().getLeastSignificantBits());
    }

    void ended(LiveExecution execution) {
        String traceparent = execution.state.started().traceparent();
        if (tracer == null || traceparent == null || !isRecorded(traceparent)) {
            return;
        }
        SpanContext parent =
                SpanContext.createFromRemoteParent(
                        traceparent.substring(3, 35),
                        traceparent.substring(36, 52),
                        TraceFlags.getSampled(),
                        TraceState.getDefault());
        DefinitionRef definition = execution.head.definition();
        ExecutionStatus status = execution.state.status();
        NEXT.set(spanId(execution.head.id()));
        Span span;
        try {
            span =
                    tracer.spanBuilder(
                                    "execution %s/%s"
                                            .formatted(definition.namespace(), definition.name()))
                            .setParent(Context.root().with(Span.wrap(parent)))
                            .setStartTimestamp(execution.state.startedAt())
                            .startSpan();
        } finally {
            NEXT.remove();
        }
        span.setAttribute(TENANT, execution.head.tenant().value())
                .setAttribute(EXECUTION, execution.head.id().toString())
                .setAttribute(DEFINITION, definition.toString())
                .setAttribute(CORRELATION, execution.correlationId())
                .setAttribute(STATUS, status.label());
        if (status == ExecutionStatus.FAULTED) {
            span.setStatus(StatusCode.ERROR);
        }
        if (execution.state.endedAt() != null) {
            span.end(execution.state.endedAt());
        } else {
            span.end();
        }
    }
}
