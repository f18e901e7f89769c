package dev.gantry.orchestrator.api;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.gantry.orchestrator.id.Json;
import dev.gantry.orchestrator.id.MediaContent;
import dev.gantry.orchestrator.problem.ProblemCode;
import dev.gantry.orchestrator.problem.Refusal;
import dev.gantry.orchestrator.security.Caller;
import dev.gantry.orchestrator.security.Permission;
import dev.gantry.orchestrator.security.Requires;
import dev.gantry.orchestrator.trigger.Events;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.Parameter;
import io.swagger.v3.oas.annotations.media.Content;
import io.swagger.v3.oas.annotations.media.Schema;
import io.swagger.v3.oas.annotations.responses.ApiResponse;
import io.swagger.v3.oas.annotations.tags.Tag;
import java.io.IOException;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.StreamSupport;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatus;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestHeader;
import org.springframework.web.bind.annotation.ResponseStatus;
import org.springframework.web.bind.annotation.RestController;

/** CloudEvents over HTTP: structured, in a batch, and binary (their attributes as headers). */
@Tag(name = "Events")
@RestController
final class EventController {
    private static final String STRUCTURED = "application/cloudevents+json";
    private static final String BATCH = "application/cloudevents-batch+json";
    private static final String PREFIX = "ce-";
    private static final String TRACEPARENT = "traceparent";

    private final Events events;
    private final Traceparent traceparent;

    EventController(Events events, Traceparent traceparent) {
        this.events = events;
        this.traceparent = traceparent;
    }

    /**
     * @param duplicates events whose source and id were known
     */
    @Schema(name = "EventsAccepted")
    record AcceptedBody(int accepted, int duplicates) {}

    @Operation(
            summary = "Send CloudEvents 1.0",
            description =
                    "Structured (application/cloudevents+json), a batch"
                            + " (application/cloudevents-batch+json, at most 1,000) or binary (attributes"
                            + " in ce- headers, data in the body). They are durable when the answer"
                            + " comes; one whose source and id are known is not taken again.",
            responses = {@ApiResponse(responseCode = "202", description = "Stored")})
    @Requires(Permission.EXECUTE)
    @PostMapping("/v1/events")
    @ResponseStatus(HttpStatus.ACCEPTED)
    AcceptedBody send(
            Caller caller,
            @io.swagger.v3.oas.annotations.parameters.RequestBody(
                            content = @Content(schema = @Schema(type = "object")))
                    @RequestBody(required = false)
                    byte @org.jspecify.annotations.Nullable [] body,
            @Parameter(hidden = true) @RequestHeader HttpHeaders headers) {
        byte[] given = body == null ? new byte[0] : body;
        List<JsonNode> sent = read(given, headers);
        sent.forEach(event -> trace(event, headers));
        try {
            int accepted = events.accept(caller.tenant(), caller.initiator(), sent);
            return new AcceptedBody(accepted, sent.size() - accepted);
        } catch (Events.Invalid e) {
            throw new Refusal(ProblemCode.BODY_INVALID, String.valueOf(e.getMessage()));
        }
    }

    /** An event that says nothing of a trace belongs to that of the request. */
    private void trace(JsonNode event, HttpHeaders headers) {
        String trace = traceparent.of(headers.getFirst(TRACEPARENT));
        if (trace != null && event instanceof ObjectNode object && !object.has(TRACEPARENT)) {
            object.put(TRACEPARENT, trace);
        }
    }

    private static List<JsonNode> read(byte[] body, HttpHeaders headers) {
        String type = headers.getFirst(HttpHeaders.CONTENT_TYPE);
        return switch (type == null ? "" : type.split(";", 2)[0].strip().toLowerCase(Locale.ROOT)) {
            case BATCH -> {
                JsonNode batch = json(body);
                if (!batch.isArray()) {
                    throw new Refusal(
                            ProblemCode.BODY_INVALID,
                            "The body is no list; a batch of events is one.");
                }
                yield StreamSupport.stream(batch.spliterator(), false).toList();
            }
            case STRUCTURED -> List.of(json(body));
            default -> List.of(binary(body, headers, type));
        };
    }

    private static JsonNode json(byte[] body) {
        try {
            JsonNode read = Json.read(body);
            if (read.isMissingNode()) {
                throw new Refusal(ProblemCode.BODY_INVALID, "The body is missing.");
            }
            return read;
        } catch (IOException e) {
            throw BodyFaults.ofEvent(e);
        }
    }

    private static JsonNode binary(
            byte[] body, HttpHeaders headers, @org.jspecify.annotations.Nullable String type) {
        ObjectNode event = JsonNodeFactory.instance.objectNode();
        for (Map.Entry<String, List<String>> header : headers.headerSet()) {
            String name = header.getKey().toLowerCase(Locale.ROOT);
            if (name.startsWith(PREFIX) && !header.getValue().isEmpty()) {
                event.put(name.substring(PREFIX.length()), decoded(header.getValue().getFirst()));
            }
        }
        if (event.isEmpty()) {
            throw new Refusal(
                    ProblemCode.MEDIA_TYPE_UNSUPPORTED,
                    "The body is no CloudEvent: send it as %s, %s, or with its attributes in ce- headers."
                            .formatted(STRUCTURED, BATCH));
        }
        if (type != null) {
            event.put("datacontenttype", type);
        }
        if (body.length > 0) {
            data(event, type, body);
        }
        return event;
    }

    /** Without a type they are JSON if they can be, as in the other modes. */
    private static void data(
            ObjectNode event, @org.jspecify.annotations.Nullable String type, byte[] body) {
        if (type != null && MediaContent.Kind.of(type) == MediaContent.Kind.BYTES) {
            event.put("data_base64", Base64.getEncoder().encodeToString(body));
            return;
        }
        try {
            event.set("data", MediaContent.value(type == null ? "application/json" : type, body));
        } catch (IOException e) {
            if (type != null) {
                throw new Refusal(
                        ProblemCode.BODY_INVALID, "The body is %s.".formatted(e.getMessage()));
            }
            event.put("data_base64", Base64.getEncoder().encodeToString(body));
        }
    }

    /** Header values are percent-encoded. */
    private static String decoded(String value) {
        try {
            return URLDecoder.decode(value.replace("+", "%2B"), StandardCharsets.UTF_8);
        } catch (IllegalArgumentException e) {
            return value;
        }
    }
}
