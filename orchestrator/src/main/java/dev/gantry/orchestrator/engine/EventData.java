package dev.gantry.orchestrator.engine;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.NullNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.gantry.orchestrator.id.Extent;
import dev.gantry.orchestrator.id.MediaContent;
import java.io.IOException;
import java.util.Base64;
import org.jspecify.annotations.Nullable;

/**
 * The data of an event as a value, however they were sent. Source: CloudEvents 1.0, JSON format
 * 3.1.
 */
public final class EventData {
    private static final String DATA = "data";
    private static final String BASE64 = "data_base64";

    private EventData() {}

    /** Null if there are none. */
    static JsonNode of(JsonNode event) {
        JsonNode data = with(event).path(DATA);
        return data.isMissingNode() ? NullNode.getInstance() : data;
    }

    /** The event as expressions see it: its {@code data} are there, however they were sent. */
    public static JsonNode with(JsonNode event) {
        JsonNode encoded = event.get(BASE64);
        if (encoded == null || event.has(DATA)) {
            return event;
        }
        ObjectNode seen = JsonNodeFactory.instance.objectNode();
        event.properties().forEach(field -> seen.set(field.getKey(), field.getValue()));
        try {
            seen.set(DATA, value(event, encoded));
        } catch (IOException e) {
            // It was taken before events were checked.
            seen.set(DATA, encoded);
        }
        return seen;
    }

    /** What is wrong with how the data are given; null if nothing is. */
    public static @Nullable String problem(JsonNode event) {
        JsonNode encoded = event.get(BASE64);
        if (encoded == null) {
            return null;
        }
        if (event.has(DATA)) {
            return "there are both 'data' and 'data_base64'";
        }
        try {
            value(event, encoded);
            return null;
        } catch (IOException e) {
            return "'data_base64' is " + e.getMessage();
        }
    }

    private static JsonNode value(JsonNode event, JsonNode encoded) throws IOException {
        if (!encoded.isTextual()) {
            throw new IOException("no text in base64");
        }
        byte[] bytes;
        try {
            bytes = Base64.getDecoder().decode(encoded.textValue());
        } catch (IllegalArgumentException e) {
            throw new IOException("no text in base64", e);
        }
        JsonNode type = event.path("datacontenttype");
        JsonNode data = MediaContent.value(type.isTextual() ? type.textValue() : null, bytes);
        String excess = Extent.excess(data);
        if (excess != null) {
            throw new IOException(excess);
        }
        return data;
    }
}
