package dev.gantry.orchestrator.definition.document;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonLocation;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.gantry.orchestrator.definition.Problem;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Reads strict JSON. YAML's flow style is nearly the same, but has other escapes in texts, and
 * takes no surrogate pairs.
 */
final class JsonSourceReader {
    private static final JsonFactory FACTORY =
            JsonFactory.builder()
                    .streamReadConstraints(
                            StreamReadConstraints.builder()
                                    .maxNestingDepth(Source.MAX_DEPTH)
                                    .maxNumberLength(SourceReader.MAX_DIGITS)
                                    .build())
                    .build();

    private final JsonParser parser;
    private final Map<String, Place> keys = new HashMap<>();
    private final Map<String, Place> values = new HashMap<>();
    private final List<Problem> problems = new ArrayList<>();
    private int nodes;

    private JsonSourceReader(JsonParser parser) {
        this.parser = parser;
    }

    /** Null if the text is no JSON, or too large; it may be YAML then. */
    static @Nullable Source read(String text) {
        try (JsonParser parser = FACTORY.createParser(text)) {
            if (parser.nextToken() != JsonToken.START_OBJECT) {
                return null;
            }
            JsonSourceReader reader = new JsonSourceReader(parser);
            JsonNode root = reader.value("");
            if (root == null || parser.nextToken() != null) {
                return null;
            }
            return new Source(
                    root,
                    Map.copyOf(reader.keys),
                    Map.copyOf(reader.values),
                    List.copyOf(reader.problems));
        } catch (JsonProcessingException e) {
            return null;
        } catch (IOException e) {
            throw new UncheckedIOException("a text cannot fail to be read", e);
        }
    }

    private @Nullable JsonNode value(String pointer) throws IOException {
        if (++nodes > Source.MAX_NODES) {
            return null;
        }
        values.put(pointer, place());
        JsonNodeFactory json = JsonNodeFactory.instance;
        return switch (parser.currentToken()) {
            case START_OBJECT -> object(pointer);
            case START_ARRAY -> {
                ArrayNode array = json.arrayNode();
                while (parser.nextToken() != JsonToken.END_ARRAY) {
                    JsonNode item = value(pointer + "/" + array.size());
                    if (item == null) {
                        yield null;
                    }
                    array.add(item);
                }
                yield array;
            }
            case VALUE_STRING -> json.textNode(parser.getText());
            case VALUE_TRUE -> json.booleanNode(true);
            case VALUE_FALSE -> json.booleanNode(false);
            case VALUE_NUMBER_INT, VALUE_NUMBER_FLOAT -> number(pointer);
            default -> json.nullNode();
        };
    }

    private @Nullable ObjectNode object(String pointer) throws IOException {
        ObjectNode object = JsonNodeFactory.instance.objectNode();
        while (parser.nextToken() != JsonToken.END_OBJECT) {
            String name = parser.currentName();
            String below = pointer + "/" + Source.escape(name);
            Place place = place();
            boolean twice = object.has(name);
            if (twice) {
                problems.add(
                        new Problem(
                                "duplicate-key",
                                below,
                                place.line(),
                                place.column(),
                                "key '%s' stands twice in the same object".formatted(name),
                                null,
                                "remove one of the two"));
            } else {
                keys.put(below, place);
            }
            parser.nextToken();
            if (twice) {
                parser.skipChildren();
                continue;
            }
            JsonNode value = value(below);
            if (value == null) {
                return null;
            }
            object.set(name, value);
        }
        return object;
    }

    private JsonNode number(String pointer) throws IOException {
        JsonNode number = SourceReader.number(parser.getText());
        if (number != null) {
            return number;
        }
        Place place = place();
        problems.add(
                new Problem(
                        "invalid-value",
                        pointer,
                        place.line(),
                        place.column(),
                        "the number is out of range",
                        "a number that fits 64 bits of floating point",
                        null));
        return JsonNodeFactory.instance.nullNode();
    }

    private Place place() {
        JsonLocation location = parser.currentTokenLocation();
        return new Place(location.getLineNr(), location.getColumnNr());
    }
}
