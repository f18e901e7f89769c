package dev.gantry.orchestrator.api;

import io.micrometer.tracing.Span;
import io.micrometer.tracing.TraceContext;
import io.micrometer.tracing.Tracer;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.stereotype.Component;

/** The W3C trace context that an execution goes on with. */
@Component
final class Traceparent {
    private static final Pattern FORM = Pattern.compile("00-[0-9a-f]{32}-[0-9a-f]{16}-[0-9a-f]{2}");
    private final @Nullable Tracer tracer;

    Traceparent(ObjectProvider<Tracer> tracer) {
        this.tracer = tracer.getIfAvailable();
    }

    /**
     * That of the request's own span if it is sampled, otherwise the caller's.
     *
     * @param header as sent; one that can not be read is ignored, as the standard asks
     */
    @Nullable String of(@Nullable String header) {
        Span span = tracer == null ? null : tracer.currentSpan();
        if (span != null) {
            TraceContext context = span.context();
            if (Boolean.TRUE.equals(context.sampled())) {
                return "00-%s-%s-01".formatted(context.traceId(), context.spanId());
            }
        }
        return header != null && FORM.matcher(header).matches() ? header : null;
    }
}
