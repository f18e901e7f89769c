package dev.gantry.adapter.lambda;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import dev.gantry.spi.Failure;
import dev.gantry.spi.Failure.Actor;
import dev.gantry.spi.Failure.Code;
import dev.gantry.spi.Failure.Progress;
import dev.gantry.spi.Outcome;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What a message of the queue says of an event: a record that a destination gets, or the event as a
 * dead-letter queue gets it, which tells no result.
 *
 * @param token of the event, as Gantry has sent it
 * @param record where the attempt has its record, if it has one; null if the event does not tell
 */
record Completion(
        String token,
        @Nullable String record,
        String requestId,
        Kind kind,
        byte[] payload,
        String reason) {
    enum Kind {
        SUCCEEDED,
        FUNCTION_ERROR,
        /** Lambda gave the event up before any code ran. */
        NEVER_BEGUN,
        /** It was given up, and may have run. */
        GIVEN_UP
    }

    /**
     * @param attributes of the message
     * @return null for a message that is not about an event of Gantry's
     * @throws JsonProcessingException if it is no JSON at all
     */
    static @Nullable Completion of(String body, Map<String, String> attributes)
            throws JsonProcessingException {
        JsonNode message = Envelope.parsed(body);
        return message.path("requestContext").isObject() && message.has("requestPayload")
                ? ofDestination(message)
                : ofDeadLetter(message, attributes);
    }

    private static @Nullable Completion ofDestination(JsonNode message) {
        String token = Envelope.token(message.path("requestPayload"));
        if (token == null) {
            return null;
        }
        JsonNode context = message.path("requestContext");
        String condition = context.path("condition").asText("without a condition");
        boolean answered = message.path("responseContext").isObject();
        boolean failed = message.path("responseContext").has("functionError");
        int runs = context.path("approximateInvokeCount").asInt(1);
        Kind kind = Kind.GIVEN_UP;
        if (condition.equals("Success") && !failed) {
            kind = Kind.SUCCEEDED;
        } else if (failed && answered && condition.equals("RetriesExhausted")) {
            kind = Kind.FUNCTION_ERROR;
        } else if (condition.equals("EventAgeExceeded") && runs == 0) {
            kind = Kind.NEVER_BEGUN;
        }
        return new Completion(
                token,
                Envelope.record(message.path("requestPayload")),
                context.path("requestId").asText(""),
                kind,
                message.path("responsePayload").toString().getBytes(StandardCharsets.UTF_8),
                condition);
    }

    private static @Nullable Completion ofDeadLetter(
            JsonNode message, Map<String, String> attributes) {
        String token = Envelope.token(message);
        String requestId = attributes.get("RequestID");
        return token == null || requestId == null
                ? null
                : new Completion(
                        token,
                        Envelope.record(message),
                        requestId,
                        Kind.GIVEN_UP,
                        new byte[0],
                        attributes.getOrDefault("ErrorMessage", "without a reason"));
    }

    /** Whether code of the function may have run. */
    boolean hasBegun() {
        return kind != Kind.NEVER_BEGUN;
    }

    /**
     * @param report what the log says of it, or null
     */
    Outcome outcome(long maxOutputBytes, @Nullable Report report) {
        return switch (kind) {
            case SUCCEEDED -> new Answer(false, payload).outcome(maxOutputBytes, report);
            case FUNCTION_ERROR -> new Answer(true, payload).outcome(maxOutputBytes, report);
            case NEVER_BEGUN ->
                    failed(
                            new Failure(
                                    Code.THROTTLED,
                                    "Lambda did not begin the function before the event was too old",
                                    Actor.THROTTLED,
                                    true,
                                    Progress.NEVER_STARTED));
            case GIVEN_UP ->
                    failed(
                            new Failure(
                                    Code.FUNCTION_ERROR,
                                    "Lambda gave the event up: " + reason,
                                    Actor.AUTHOR,
                                    true,
                                    Progress.MAY_HAVE_COMMITTED));
        };
    }

    private static Outcome failed(Failure failure) {
        return new Outcome.Failed(failure, null, Outcome.Usage.UNKNOWN);
    }
}
