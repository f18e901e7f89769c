package dev.gantry.orchestrator.definition.document;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.DecimalNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.gantry.orchestrator.definition.Problem;
import dev.gantry.orchestrator.id.Json;
import java.io.StringReader;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.composer.Composer;
import org.yaml.snakeyaml.error.Mark;
import org.yaml.snakeyaml.error.MarkedYAMLException;
import org.yaml.snakeyaml.error.YAMLException;
import org.yaml.snakeyaml.nodes.MappingNode;
import org.yaml.snakeyaml.nodes.Node;
import org.yaml.snakeyaml.nodes.NodeTuple;
import org.yaml.snakeyaml.nodes.ScalarNode;
import org.yaml.snakeyaml.nodes.SequenceNode;
import org.yaml.snakeyaml.nodes.Tag;
import org.yaml.snakeyaml.parser.ParserImpl;
import org.yaml.snakeyaml.reader.ReaderException;
import org.yaml.snakeyaml.reader.StreamReader;
import org.yaml.snakeyaml.resolver.Resolver;

/**
 * Reads YAML, and what is not quite JSON as the part of YAML that it is, with the place of every
 * key and value. Aliases may not grow a document: what they stand for counts against its size each
 * time.
 */
public final class SourceReader {
    static final int MAX_DIGITS = 300;
    private static final Problem EMPTY =
            new Problem(
                    "empty", "", 1, 1, "the document is empty", "a workflow or a function", null);

    private final Map<String, Place> keys = new HashMap<>();
    private final Map<String, Place> values = new HashMap<>();
    private final List<Problem> problems = new ArrayList<>();
    private int nodes;

    private SourceReader() {}

    public static Source read(byte[] bytes) {
        if (bytes.length > Source.MAX_BYTES) {
            return Source.unreadable(
                    new Problem(
                            "document-too-large",
                            "",
                            0,
                            0,
                            "the document has %d bytes".formatted(bytes.length),
                            "at most %d bytes".formatted(Source.MAX_BYTES),
                            "move large values out of the document"));
        }
        String text;
        try {
            text = StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString();
        } catch (CharacterCodingException e) {
            return Source.unreadable(
                    new Problem(
                            "not-utf8", "", 0, 0, "the document is not UTF-8 text", "UTF-8", null));
        }
        Source json = text.stripLeading().startsWith("{") ? JsonSourceReader.read(text) : null;
        return json != null ? json : new SourceReader().readText(text);
    }

    private Source readText(String text) {
        LoaderOptions options = new LoaderOptions();
        options.setMaxAliasesForCollections(50);
        options.setNestingDepthLimit(Source.MAX_DEPTH);
        options.setCodePointLimit(Source.MAX_BYTES);
        Node root;
        try {
            Composer composer =
                    new Composer(
                            new ParserImpl(new StreamReader(new StringReader(text)), options),
                            new Resolver(),
                            options);
            root = composer.getSingleNode();
        } catch (MarkedYAMLException e) {
            return malformed(e);
        } catch (ReaderException e) {
            return unprintable(e, text);
        } catch (YAMLException e) {
            return Source.unreadable(
                    new Problem(
                            "syntax",
                            "",
                            0,
                            0,
                            "the document cannot be read: " + e.getMessage(),
                            null,
                            null));
        }
        if (root == null) {
            return Source.unreadable(EMPTY);
        }
        try {
            JsonNode value = convert(root, "", 0);
            return new Source(value, Map.copyOf(keys), Map.copyOf(values), List.copyOf(problems));
        } catch (TooLarge e) {
            return Source.unreadable(
                    new Problem(
                            "document-too-large",
                            "",
                            0,
                            0,
                            "the document has too many values or is nested too deeply",
                            "at most %d values, %d levels"
                                    .formatted(Source.MAX_NODES, Source.MAX_DEPTH),
                            null));
        }
    }

    private static Source malformed(MarkedYAMLException e) {
        Mark mark = Optional.ofNullable(e.getProblemMark()).orElse(e.getContextMark());
        return Source.unreadable(
                new Problem(
                        "syntax",
                        "",
                        mark == null ? 0 : mark.getLine() + 1,
                        mark == null ? 0 : mark.getColumn() + 1,
                        "the document is not well-formed YAML or JSON: " + e.getProblem(),
                        null,
                        null));
    }

    private static Source unprintable(ReaderException e, String text) {
        String before = text.substring(0, Math.min(text.length(), e.getPosition()));
        return Source.unreadable(
                new Problem(
                        "syntax",
                        "",
                        1 + (int) before.chars().filter(c -> c == '\n').count(),
                        before.length() - before.lastIndexOf('\n'),
                        "the document has the character U+%04X, which no text may have"
                                .formatted(e.getCodePoint()),
                        null,
                        "remove it, or write it as an escape in quotes"));
    }

    private static final class TooLarge extends RuntimeException {
        private static final long serialVersionUID = 1L;
    }

    private JsonNode convert(Node node, String pointer, int depth) {
        if (++nodes > Source.MAX_NODES || depth > Source.MAX_DEPTH) {
            throw new TooLarge();
        }
        values.putIfAbsent(pointer, place(node));
        return switch (node) {
            case MappingNode mapping -> mapping(mapping, pointer, depth);
            case SequenceNode sequence -> {
                ArrayNode array = JsonNodeFactory.instance.arrayNode();
                for (Node item : sequence.getValue()) {
                    array.add(convert(item, pointer + "/" + array.size(), depth + 1));
                }
                yield array;
            }
            case ScalarNode scalar -> scalar(scalar);
            default -> JsonNodeFactory.instance.nullNode();
        };
    }

    private JsonNode mapping(MappingNode mapping, String pointer, int depth) {
        ObjectNode object = JsonNodeFactory.instance.objectNode();
        for (NodeTuple tuple : mapping.getValue()) {
            if (!(tuple.getKeyNode() instanceof ScalarNode key)) {
                problem("invalid-key", pointer, tuple.getKeyNode(), "a key must be text", null);
                continue;
            }
            String name = key.getValue();
            String below = pointer + "/" + Source.escape(name);
            if (object.has(name)) {
                problem(
                        "duplicate-key",
                        below,
                        key,
                        "key '%s' stands twice in the same object".formatted(name),
                        "remove one of the two");
                continue;
            }
            if (key.getTag().equals(Tag.MERGE)) {
                problem(
                        "merge-key",
                        below,
                        key,
                        "merge keys ('<<') are not part of the language",
                        "write the properties out");
                continue;
            }
            keys.put(below, place(key));
            object.set(name, convert(tuple.getValueNode(), below, depth + 1));
        }
        return object;
    }

    private static JsonNode scalar(ScalarNode scalar) {
        String text = scalar.getValue();
        JsonNodeFactory json = JsonNodeFactory.instance;
        Tag tag = scalar.getTag();
        if (tag.equals(Tag.NULL)) {
            return json.nullNode();
        }
        if (tag.equals(Tag.BOOL)) {
            // YAML 1.2: only true and false; yes, no, on and off are text.
            return switch (text) {
                case "true", "True", "TRUE" -> json.booleanNode(true);
                case "false", "False", "FALSE" -> json.booleanNode(false);
                default -> json.textNode(text);
            };
        }
        if (tag.equals(Tag.INT) || tag.equals(Tag.FLOAT)) {
            JsonNode number = number(text);
            return number == null ? json.textNode(text) : number;
        }
        return json.textNode(text);
    }

    /** Null if it is none that can be kept. */
    static @Nullable JsonNode number(String text) {
        if (text.length() > MAX_DIGITS) {
            return null;
        }
        try {
            if (text.matches("[-+]?[0-9]+")) {
                BigInteger value = new BigInteger(text.startsWith("+") ? text.substring(1) : text);
                if (value.bitLength() < 32) {
                    return JsonNodeFactory.instance.numberNode(value.intValue());
                }
                return value.bitLength() < 64
                        ? JsonNodeFactory.instance.numberNode(value.longValue())
                        : JsonNodeFactory.instance.numberNode(value);
            }
            if (text.matches("0x[0-9a-fA-F]+")) {
                return JsonNodeFactory.instance.numberNode(Long.parseLong(text.substring(2), 16));
            }
            BigDecimal value = new BigDecimal(text);
            return Json.isModest(value) ? DecimalNode.valueOf(value) : null;
        } catch (NumberFormatException e) {
            return null;
        }
    }

    private void problem(
            String code, String pointer, Node at, String message, @Nullable String suggestion) {
        Place place = place(at);
        problems.add(
                new Problem(
                        code, pointer, place.line(), place.column(), message, null, suggestion));
    }

    private static Place place(Node node) {
        Mark mark = node.getStartMark();
        return new Place(mark.getLine() + 1, mark.getColumn() + 1);
    }
}
