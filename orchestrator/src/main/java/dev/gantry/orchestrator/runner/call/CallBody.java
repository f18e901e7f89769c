package dev.gantry.orchestrator.runner.call;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import dev.gantry.orchestrator.id.Json;
import java.net.URLEncoder;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.nio.charset.UnsupportedCharsetException;
import java.util.Locale;
import java.util.Map;
import java.util.StringJoiner;
import org.apache.hc.core5.http.ContentType;
import org.jspecify.annotations.Nullable;

/** Turns a JSON value into the bytes of a body or a query. */
final class CallBody {
    private static final String CONTENT_TYPE = "Content-Type";

    private CallBody() {}

    /**
     * Text goes out as it is, an object as a form if the header says so, anything else as JSON.
     * Sets the content type if the author did not.
     */
    static byte @Nullable [] encode(JsonNode body, Map<String, String> headers) throws CallFailed {
        if (CallReader.isAbsent(body)) {
            return null;
        }
        if (body.isTextual()) {
            headers.putIfAbsent(CONTENT_TYPE, "text/plain; charset=utf-8");
            return body.textValue().getBytes(charset(headers));
        }
        headers.putIfAbsent(CONTENT_TYPE, "application/json");
        String type = String.valueOf(headers.get(CONTENT_TYPE)).toLowerCase(Locale.ROOT);
        if (type.startsWith("application/x-www-form-urlencoded")) {
            return form(body, "body").getBytes(StandardCharsets.US_ASCII);
        }
        try {
            return Json.MAPPER.writeValueAsString(body).getBytes(charset(headers));
        } catch (JsonProcessingException e) {
            throw CallFailed.invalid("'body' can not be written as JSON");
        }
    }

    private static Charset charset(Map<String, String> headers) throws CallFailed {
        try {
            ContentType type = ContentType.parseLenient(headers.get(CONTENT_TYPE));
            return type == null ? StandardCharsets.UTF_8 : type.getCharset(StandardCharsets.UTF_8);
        } catch (UnsupportedCharsetException e) {
            throw CallFailed.invalid("the charset of the header 'Content-Type' is unknown");
        }
    }

    /** {@code name=value&...}, with one pair for each element of a list and none for null. */
    static String form(JsonNode values, String field) throws CallFailed {
        if (CallReader.isAbsent(values)) {
            return "";
        }
        if (!values.isObject()) {
            throw CallFailed.invalid("'%s' must be an object".formatted(field));
        }
        StringJoiner pairs = new StringJoiner("&");
        for (Map.Entry<String, JsonNode> entry : values.properties()) {
            Iterable<JsonNode> elements =
                    entry.getValue().isArray()
                            ? entry.getValue()
                            : java.util.List.of(entry.getValue());
            for (JsonNode element : elements) {
                if (!element.isValueNode()) {
                    throw CallFailed.invalid(
                            "'%s' must be text, a number, true, false or a list of these in '%s'"
                                    .formatted(entry.getKey(), field));
                }
                if (!element.isNull()) {
                    pairs.add(encoded(entry.getKey()) + "=" + encoded(element.asText()));
                }
            }
        }
        return pairs.toString();
    }

    private static String encoded(String text) {
        // A plus for a blank is right in forms only; %20 is right everywhere.
        return URLEncoder.encode(text, StandardCharsets.UTF_8).replace("+", "%20");
    }

    /** The text if it fits into a header, else percent-encoded. */
    static String ascii(String text) {
        boolean fits = text.chars().allMatch(character -> character > ' ' && character < 0x7f);
        return fits ? text : encoded(text);
    }
}
