package dev.gantry.cli.client;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.cfg.JsonNodeFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.UncheckedIOException;

/** JSON as trees; numbers come out as they went in. */
public final class Json {
    private static final JsonMapper MAPPER =
            JsonMapper.builder()
                    .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
                    .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
                    .disable(JsonNodeFeature.STRIP_TRAILING_BIGDECIMAL_ZEROES)
                    .build();

    private static final JsonMapper STRICT =
            MAPPER.rebuild().enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION).build();

    private Json() {}

    public static ObjectNode object() {
        return JsonNodeFactory.instance.objectNode();
    }

    /**
     * What a server sent.
     *
     * @throws IOException if it is no JSON
     */
    public static JsonNode read(byte[] text) throws IOException {
        return MAPPER.readTree(text);
    }

    /**
     * What a person wrote.
     *
     * @throws IllegalArgumentException saying where it is no JSON
     */
    public static JsonNode parse(String text) {
        try {
            JsonNode value = STRICT.readTree(text);
            if (value == null || value.isMissingNode()) {
                throw new IllegalArgumentException("it is empty");
            }
            return value;
        } catch (JsonProcessingException e) {
            var at = e.getLocation();
            throw new IllegalArgumentException(
                    at == null
                            ? e.getOriginalMessage()
                            : "line %d, column %d: %s"
                                    .formatted(
                                            at.getLineNr(),
                                            at.getColumnNr(),
                                            e.getOriginalMessage()),
                    e);
        }
    }

    public static byte[] bytes(JsonNode value) {
        try {
            return MAPPER.writeValueAsBytes(value);
        } catch (JsonProcessingException e) {
            throw new UncheckedIOException(e);
        }
    }

    public static String compact(JsonNode value) {
        return value.toString();
    }

    public static String pretty(JsonNode value) {
        return value.toPrettyString();
    }

    /** A text field, or nothing if it is not there. */
    public static String text(JsonNode object, String field) {
        return object.path(field).asText("");
    }
}
