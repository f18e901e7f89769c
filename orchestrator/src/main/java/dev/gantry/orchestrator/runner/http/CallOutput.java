package dev.gantry.orchestrator.runner.http;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.gantry.orchestrator.id.Json;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.Charset;
import java.nio.charset.IllegalCharsetNameException;
import java.nio.charset.StandardCharsets;
import java.nio.charset.UnsupportedCharsetException;
import java.util.Base64;
import java.util.Locale;
import java.util.Set;
import org.apache.hc.core5.http.ContentType;
import org.jspecify.annotations.Nullable;

/** Turns an answer into the step's output, in the form that the document asks for. */
final class CallOutput {
    private static final JsonNodeFactory NODES = JsonNodeFactory.instance;
    private static final Set<String> TEXT =
            Set.of(
                    "application/xml",
                    "application/yaml",
                    "application/x-yaml",
                    "application/javascript",
                    "application/graphql",
                    "application/x-www-form-urlencoded");

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
        byte[] body = answer.body();
        if (body.length == 0) {
            return NODES.nullNode();
        }
        ContentType type = type(answer);
        if (type == null) {
            return base64(body);
        }
        String name = type.getMimeType().toLowerCase(Locale.ROOT);
        if (name.equals("application/json") || name.endsWith("+json")) {
            return json(host, name, isUnicode(type) ? body : utf8(text(host, type, body)));
        }
        return name.startsWith("text/") || name.endsWith("+xml") || TEXT.contains(name)
                ? NODES.textNode(text(host, type, body))
                : base64(body);
    }

    private static JsonNode json(String host, String type, byte[] body) throws CallFailed {
        try {
            return Json.read(body);
        } catch (IOException e) {
            throw CallFailed.unreadable(
                    "the answer of %s is declared as %s and is no JSON".formatted(host, type));
        }
    }

    private static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    /** JSON is, and says itself which of them; some declare something else and mean it. */
    private static boolean isUnicode(ContentType type) {
        String charset = type.getParameter("charset");
        return charset == null || charset.toLowerCase(Locale.ROOT).startsWith("utf");
    }

    /** Never with replacements for what cannot be read: they could not be undone. */
    private static String text(String host, ContentType type, byte[] body) throws CallFailed {
        String declared = type.getParameter("charset");
        try {
            Charset charset = declared == null ? StandardCharsets.UTF_8 : Charset.forName(declared);
            return charset.newDecoder().decode(ByteBuffer.wrap(body)).toString();
        } catch (CharacterCodingException
                | IllegalCharsetNameException
                | UnsupportedCharsetException e) {
            throw noText(host, declared);
        }
    }

    private static CallFailed noText(String host, @Nullable String charset) {
        boolean canBeShown = charset != null && charset.matches("[A-Za-z0-9._:-]{1,40}");
        return CallFailed.unreadable(
                "the answer of %s is text that cannot be read as %s; 'output: raw' gives its bytes"
                        .formatted(
                                host,
                                charset == null
                                        ? "UTF-8, and it declares no other charset"
                                        : canBeShown ? "'" + charset + "'" : "it declares"));
    }

    private static JsonNode base64(byte[] body) {
        return NODES.textNode(Base64.getEncoder().encodeToString(body));
    }

    private static @Nullable ContentType type(Answer answer) {
        try {
            return ContentType.parseLenient(answer.header("content-type"));
        } catch (UnsupportedCharsetException e) {
            return null;
        }
    }
}
