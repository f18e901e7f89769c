package dev.gantry.orchestrator.engine;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** The trace that an event belongs to. Source: CloudEvents, distributed tracing extension. */
public final class EventTrace {
    public static final String ATTRIBUTE = "traceparent";
    private static final Pattern FORM = Pattern.compile("00-[0-9a-f]{32}-[0-9a-f]{16}-[0-9a-f]{2}");

    private EventTrace() {}

    /** Null if it has none that can be read, which is no fault of the event. */
    public static @Nullable String of(JsonNode event) {
        String traceparent = event.path(ATTRIBUTE).asText("");
        return FORM.matcher(traceparent).matches() ? traceparent : null;
    }
}
