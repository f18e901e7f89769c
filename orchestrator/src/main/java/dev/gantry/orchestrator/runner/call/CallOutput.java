package dev.gantry.orchestrator.runner.call;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.gantry.orchestrator.id.Json;
import dev.gantry.orchestrator.id.MediaContent;
import java.io.IOException;
import java.util.Base64;
import java.util.Locale;

/** Turns an answer into the step's output, in the form that the document asks for. */
final class CallOutput {
    private static final JsonNodeFactory NODES = JsonNodeFactory.instance;

    private CallOutput() {}

    /**
     * @param isSecret whether the request holds a secret, so that the output must not show it
     */
    static byte[] of(HttpCall call, String host, Answer answer, boolean isSecret)
            throws CallFailed {
        JsonNode output =
                switch (call.output()) {
                    case RAW -> base64(answer.body());
                    case CONTENT -> content(host, answer);
                    case RESPONSE -> response(call, host, answer, isSecret);
                };
        try {
            return Json.MAPPER.writeValueAsBytes(output);
        } catch (JsonProcessingException e) {
            throw CallFailed.unreadable("the answer of %s can not be kept".formatted(host));
        }
    }

    private static JsonNode response(HttpCall call, String host, Answer answer, boolean isSecret)
            throws CallFailed {
        ObjectNode response = NODES.objectNode();
        ObjectNode request = response.putObject("request");
        request.put("method", call.method().toLowerCase(Locale.ROOT));
        request.put(
                "uri",
                isSecret
                        ? "%s://%s/***".formatted(call.uri().getScheme(), call.uri().getAuthority())
                        : call.uri().toString());
        // The output is stored and shown: no credential may get into it.
        ObjectNode sent = request.putObject("headers");
        if (!isSecret) {
            call.harmlessHeaders().forEach(sent::put);
        }
        response.put("statusCode", answer.status());
        ObjectNode headers = response.putObject("headers");
        answer.headers().forEach(headers::put);
        response.set("content", content(host, answer));
        return response;
    }

    private static JsonNode content(String host, Answer answer) throws CallFailed {
        if (answer.body().length == 0) {
            return NODES.nullNode();
        }
        try {
            return MediaContent.value(answer.header("content-type"), answer.body());
        } catch (IOException e) {
            throw CallFailed.unreadable(
                    "the answer of %s is %s; 'output: raw' gives its bytes"
                            .formatted(host, e.getMessage()));
        }
    }

    private static JsonNode base64(byte[] body) {
        return NODES.textNode(Base64.getEncoder().encodeToString(body));
    }
}
