package dev.gantry.adapter.lambda;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.json.JsonWriteFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.gantry.spi.ProvisionException;
import dev.gantry.spi.StepContext;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** How a function learns which step it runs for. The names are those of variables elsewhere. */
final class Ids {
    /** Of a client context in Base64. */
    static final int MAX_CLIENT_CONTEXT_BYTES = 3_583;

    private static final Pattern TRACEPARENT =
            Pattern.compile("^([0-9a-f]{2}-[0-9a-f]{32})-[0-9a-f]{16}-([0-9a-f]{2})$");

    private static final List<String> DISPENSABLE =
            List.of("GANTRY_INITIATOR", "GANTRY_CORRELATION_ID");

    // Runtimes hand it to functions as a header of HTTP, which is no place for other characters.
    private static final ObjectMapper JSON =
            JsonMapper.builder().enable(JsonWriteFeature.ESCAPE_NON_ASCII).build();

    private Ids() {}

    enum Place {
        /** In {@code custom} of the client context, beside the event. */
        CLIENT_CONTEXT,
        /** In a member of the event. */
        EVENT,
        /** Nowhere. */
        NONE;

        static Place of(Mode mode) {
            return switch (mode) {
                case SYNC -> CLIENT_CONTEXT;
                case ASYNC, DURABLE -> EVENT;
            };
        }

        /** Events that Lambda keeps have no client context, and are known again by their ids. */
        static List<String> labels(Mode mode) {
            return switch (mode) {
                case SYNC -> labels();
                case ASYNC -> List.of(EVENT.label());
                case DURABLE -> List.of(EVENT.label(), NONE.label());
            };
        }

        static Optional<Place> of(String label) {
            return Stream.of(values()).filter(place -> place.label().equals(label)).findFirst();
        }

        static List<String> labels() {
            return Stream.of(values()).map(Place::label).toList();
        }

        private String label() {
            return this == CLIENT_CONTEXT ? "clientContext" : name().toLowerCase(Locale.ROOT);
        }
    }

    static Map<String, String> of(StepContext context) {
        Map<String, String> ids = new LinkedHashMap<>();
        ids.put("GANTRY_TENANT", context.tenant());
        ids.put("GANTRY_EXECUTION_ID", context.executionId());
        ids.put("GANTRY_STEP", Integer.toString(context.step()));
        ids.put("GANTRY_ATTEMPT", Integer.toString(context.attempt()));
        ids.put("GANTRY_IDEMPOTENCY_KEY", context.idempotencyKey());
        ids.put("GANTRY_CORRELATION_ID", context.correlationId());
        ids.put("GANTRY_INITIATOR", context.initiator());
        if (context.traceparent() != null) {
            ids.put("TRACEPARENT", context.traceparent());
        }
        return ids;
    }

    /**
     * What is too long for the header loses first what people read, and never what is relied on.
     */
    static String clientContext(StepContext context) throws ProvisionException {
        Map<String, String> ids = of(context);
        String encoded = encoded(ids);
        for (String dispensable : DISPENSABLE) {
            if (encoded.length() > MAX_CLIENT_CONTEXT_BYTES) {
                ids.remove(dispensable);
                encoded = encoded(ids);
            }
        }
        if (encoded.length() > MAX_CLIENT_CONTEXT_BYTES) {
            throw new ProvisionException(
                    Failures.invalid(
                            "the ids of the step have %d bytes as a client context, at most %d are taken: shorten the idempotency key, or set runtime.lambda.ids to none"
                                    .formatted(encoded.length(), MAX_CLIENT_CONTEXT_BYTES)));
        }
        return encoded;
    }

    /**
     * The ids that are the same for every process that begins an attempt: an execution that is
     * begun again with another event would be a conflict. The trace is the step's; the place in it
     * is made of the step's key.
     */
    static Map<String, String> lasting(StepContext context) {
        Map<String, String> ids = of(context);
        ids.computeIfPresent(
                "TRACEPARENT",
                (_, traceparent) ->
                        TRACEPARENT
                                .matcher(traceparent)
                                .replaceFirst("$1-" + span(context.idempotencyKey()) + "-$2"));
        return ids;
    }

    private static String span(String key) {
        UUID hash = UUID.nameUUIDFromBytes(key.getBytes(StandardCharsets.UTF_8));
        return "%016x".formatted(hash.getLeastSignificantBits());
    }

    private static String encoded(Map<String, String> ids) {
        try {
            String json = JSON.writeValueAsString(Map.of("custom", ids));
            return Base64.getEncoder().encodeToString(json.getBytes(StandardCharsets.UTF_8));
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("texts can always be written as JSON", e);
        }
    }
}
