package dev.gantry.orchestrator.runner;

import dev.gantry.spi.Failure;
import dev.gantry.spi.StepContext;
import io.opentelemetry.api.common.AttributeKey;
import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.SpanContext;
import io.opentelemetry.api.trace.SpanKind;
import io.opentelemetry.api.trace.StatusCode;
import io.opentelemetry.api.trace.TraceFlags;
import io.opentelemetry.api.trace.TraceState;
import io.opentelemetry.api.trace.Tracer;
import io.opentelemetry.context.Context;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * Makes the spans of one adapter's calls. Only an attempt whose execution is traced and sampled
 * gets any; for all others the cost is one look at a character.
 */
final class StepSpans {
    private static final AttributeKey<String> ADAPTER = AttributeKey.stringKey("gantry.adapter");
    private static final AttributeKey<String> TENANT = AttributeKey.stringKey("gantry.tenant");
    private static final AttributeKey<String> EXECUTION =
            AttributeKey.stringKey("gantry.execution");
    private static final AttributeKey<Long> STEP = AttributeKey.longKey("gantry.step");
    private static final AttributeKey<Long> ATTEMPT = AttributeKey.longKey("gantry.attempt");
    private static final AttributeKey<String> TASK = AttributeKey.stringKey("gantry.task");
    private static final AttributeKey<String> CORRELATION =
            AttributeKey.stringKey("gantry.correlation");
    private static final AttributeKey<String> FAILURE = AttributeKey.stringKey("error.type");
    private static final AttributeKey<String> ACTOR = AttributeKey.stringKey("gantry.actor");

    /** {@code 00-<32 digits>-<16 digits>-<2 digits>}: the version that is defined today. */
    private static final int LENGTH = 55;

    private final Tracer tracer;
    private final String adapter;

    StepSpans(Tracer tracer, String adapter) {
        this.tracer = tracer;
        this.adapter = adapter;
    }

    /** A started span, or null if there is nothing to record. */
    @Nullable Span start(Phase phase, @Nullable StepContext context) {
        String traceparent = context == null ? null : context.traceparent();
        if (context == null || traceparent == null || !isSampled(traceparent)) {
            return null;
        }
        SpanContext parent = parent(traceparent);
        if (!parent.isValid()) {
            return null;
        }
        Span span =
                tracer.spanBuilder(phase.label() + " " + adapter)
                        .setParent(Context.root().with(Span.wrap(parent)))
                        .setSpanKind(SpanKind.CLIENT)
                        .startSpan();
        if (span.isRecording()) {
            span.setAttribute(ADAPTER, adapter)
                    .setAttribute(TENANT, context.tenant())
                    .setAttribute(EXECUTION, context.executionId())
                    .setAttribute(STEP, (long) context.step())
                    .setAttribute(ATTEMPT, (long) context.attempt())
                    .setAttribute(TASK, context.taskPointer())
                    .setAttribute(CORRELATION, context.correlationId());
        }
        return span;
    }

    static void fail(Span span, Failure failure) {
        span.setStatus(StatusCode.ERROR, failure.code());
        span.setAttribute(FAILURE, failure.code());
        span.setAttribute(ACTOR, failure.actor().name().toLowerCase(Locale.ROOT));
    }

    /** The context with the span as the parent of what the workload records. */
    static StepContext below(Span span, StepContext context) {
        SpanContext self = span.getSpanContext();
        if (!self.isValid()) {
            return context;
        }
        return new StepContext(
                context.installation(),
                context.tenant(),
                context.executionId(),
                context.step(),
                context.taskPointer(),
                context.iteration(),
                context.attempt(),
                context.correlationId(),
                context.initiator(),
                context.idempotencyKey(),
                "00-%s-%s-%s"
                        .formatted(
                                self.getTraceId(), self.getSpanId(), self.getTraceFlags().asHex()));
    }

    /** The trace's id, or null if the text is no trace context. */
    static @Nullable String traceId(@Nullable String traceparent) {
        return traceparent == null || traceparent.length() < LENGTH
                ? null
                : traceparent.substring(3, 35);
    }

    private static boolean isSampled(String traceparent) {
        return traceparent.length() >= LENGTH
                && (Character.digit(traceparent.charAt(LENGTH - 1), 16) & 1) == 1;
    }

    private static SpanContext parent(String traceparent) {
        return SpanContext.createFromRemoteParent(
                traceparent.substring(3, 35),
                traceparent.substring(36, 52),
                TraceFlags.getSampled(),
                TraceState.getDefault());
    }
}
