package dev.gantry.adapter.lambda;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.gantry.spi.Attempt;
import dev.gantry.spi.BlobName;
import dev.gantry.spi.ProvisionException;
import dev.gantry.spi.StoredInput;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * An event with the ids of its step in it, under a key of Gantry's own. An input that is no object
 * is in {@code input} of one.
 */
final class Envelope {
    static final String KEY = StoredInput.KEY;
    static final String TOKEN = "token";

    /** Of a token: the attempt's external name, and its number. */
    private static final Pattern CALL = Pattern.compile(".*/([^/#]+)#([0-9]+)");

    private static final ObjectMapper JSON = new ObjectMapper();

    private Envelope() {}

    static byte[] of(Attempt attempt, Map<String, String> ids) throws ProvisionException {
        byte[] input = attempt.input();
        try {
            JsonNode json = parsedWithoutKey(input);
            byte[] own = JSON.writeValueAsBytes(ids);
            ByteArrayOutputStream event = new ByteArrayOutputStream(input.length + own.length + 32);
            event.writeBytes(ascii("{\"%s\":".formatted(KEY)));
            event.writeBytes(own);
            if (!json.isObject()) {
                event.writeBytes(ascii(",\"input\":"));
                event.writeBytes(input);
                event.writeBytes(ascii("}"));
            } else if (json.isEmpty()) {
                event.writeBytes(ascii("}"));
            } else {
                // As it was written: numbers are not to lose their digits.
                int brace = new String(input, StandardCharsets.ISO_8859_1).indexOf('{') + 1;
                event.writeBytes(ascii(","));
                event.write(input, brace, input.length - brace);
            }
            return event.toByteArray();
        } catch (IOException e) {
            throw new ProvisionException(Failures.invalid("the input is not JSON"), e);
        }
    }

    private static JsonNode parsedWithoutKey(byte[] input) throws IOException, ProvisionException {
        JsonNode json = JSON.readTree(input);
        if (json.has(KEY)) {
            throw new ProvisionException(
                    Failures.invalid(
                            "the input has a member '%s', which is Gantry's own: name it otherwise"
                                    .formatted(KEY)));
        }
        return json;
    }

    /** Refuses an input that would be taken for one of these events. */
    static void requireNoKey(byte[] input) throws ProvisionException {
        try {
            parsedWithoutKey(input);
        } catch (IOException e) {
            throw new ProvisionException(Failures.invalid("the input is not JSON"), e);
        }
    }

    /** An event without its input, which is where the reference says. */
    static byte[] referring(Map<String, String> ids, StoredInput stored) {
        Map<String, Object> own = new LinkedHashMap<>(ids);
        own.put(StoredInput.MEMBER, stored.members());
        try {
            return JSON.writeValueAsBytes(Map.of(KEY, own));
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("texts and numbers can always be written as JSON", e);
        }
    }

    private static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }

    /** The token that is in an event, or null. */
    static @Nullable String token(JsonNode event) {
        JsonNode token = event.path(KEY).path(TOKEN);
        return token.isTextual() ? token.asText() : null;
    }

    /** The name under which the attempt that an event is of has its record, or null. */
    static @Nullable String record(JsonNode event) {
        JsonNode ids = event.path(KEY);
        Matcher call = CALL.matcher(ids.path(TOKEN).asText(""));
        if (!call.matches()) {
            return null;
        }
        try {
            return new BlobName(
                            LambdaProvider.KIND,
                            ids.path("GANTRY_TENANT").asText(""),
                            ids.path("GANTRY_EXECUTION_ID").asText(""),
                            "%s/%s.%s"
                                    .formatted(
                                            call.group(1),
                                            ids.path("GANTRY_STEP").asText(""),
                                            call.group(2)))
                    .toString();
        } catch (IllegalArgumentException e) {
            return null;
        }
    }

    static JsonNode parsed(String text) throws JsonProcessingException {
        return JSON.readTree(text);
    }
}
