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
import java.util.List;
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
                                    // Ours are looked at below, and say where.
                                    .maxNestingDepth(Integer.MAX_VALUE)
                                    .maxNumberLength(Source.MAX_BYTES)
                                    .maxNameLength(Source.MAX_BYTES)
                                    .build())
                    .build();

    private final JsonParser parser;
    private final Places root = Places.root();
    private final List<Problem> problems = new ArrayList<>();
    private int nodes;

    private JsonSourceReader(JsonParser parser) {
        this.parser = parser;
    }

    /** Null if the text is no JSON, or too large, which the reader of YAML says; it may be YAML. */
    static @Nullable Source read(String text) {
        try (JsonParser parser = FACTORY.createParser(text)) {
            if (parser.nextToken() != JsonToken.START_OBJECT) {
                return null;
            }
            JsonSourceReader reader = new JsonSourceReader(parser);
            JsonNode value = reader.value(reader.root, 0);
            if (value == null || parser.nextToken() != null) {
                return null;
            }
            return new Source(value, reader.root, reader.problems);
        } catch (JsonProcessingException e) {
            return null;
        } catch (IOException e) {
            throw new UncheckedIOException("a text cannot fail to be read", e);
        }
    }

    private @Nullable JsonNode value(Places at, int depth) throws IOException {
        if (++nodes > Source.MAX_NODES || Source.tooDeep(at, Place.NOWHERE, depth) != null) {
            return null;
        }
        at.value(place());
        JsonNodeFactory json = JsonNodeFactory.instance;
        return switch (parser.currentToken()) {
            case START_OBJECT -> object(at, depth);
            case START_ARRAY -> {
                ArrayNode array = json.arrayNode();
                while (parser.nextToken() != JsonToken.END_ARRAY) {
                    JsonNode item = value(at.child(array.size()), depth + 1);
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
            case VALUE_NUMBER_INT, VALUE_NUMBER_FLOAT -> number(at);
            default -> json.nullNode();
        };
    }

    private @Nullable ObjectNode object(Places at, int depth) throws IOException {
        ObjectNode object = JsonNodeFactory.instance.objectNode();
        while (parser.nextToken() != JsonToken.END_OBJECT) {
            String name = parser.currentName();
            Places below = at.child(name);
            Place place = place();
            boolean twice = object.has(name);
            if (twice) {
                Source.report(
                        problems,
                        "duplicate-key",
                        below,
                        place,
                        "key '%s' stands twice in the same object".formatted(name),
                        null,
                        "remove one of the two");
            } else {
                below.key(place);
            }
            parser.nextToken();
            if (twice) {
                parser.skipChildren();
                continue;
            }
            JsonNode value = value(below, depth + 1);
            if (value == null) {
                return null;
            }
            object.set(name, value);
        }
        return object;
    }

    private JsonNode number(Places at) throws IOException {
        String text = parser.getText();
        try {
            return Numbers.read(text);
        } catch (Numbers.Unusable e) {
            Source.report(
                    problems,
                    "invalid-value",
                    at,
                    place(),
                    String.valueOf(e.getMessage()),
                    Numbers.expected(),
                    "write it as text, in quotes");
            return JsonNodeFactory.instance.textNode(text);
        }
    }

    private Place place() {
        JsonLocation location = parser.currentTokenLocation();
        return new Place(location.getLineNr(), location.getColumnNr());
    }
}
