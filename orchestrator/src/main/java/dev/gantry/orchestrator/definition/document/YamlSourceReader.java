package dev.gantry.orchestrator.definition.document;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.gantry.orchestrator.definition.Problem;
import java.io.StringReader;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.comments.CommentLine;
import org.yaml.snakeyaml.composer.Composer;
import org.yaml.snakeyaml.error.Mark;
import org.yaml.snakeyaml.error.MarkedYAMLException;
import org.yaml.snakeyaml.error.YAMLException;
import org.yaml.snakeyaml.events.ScalarEvent;
import org.yaml.snakeyaml.nodes.MappingNode;
import org.yaml.snakeyaml.nodes.Node;
import org.yaml.snakeyaml.nodes.NodeTuple;
import org.yaml.snakeyaml.nodes.ScalarNode;
import org.yaml.snakeyaml.nodes.SequenceNode;
import org.yaml.snakeyaml.nodes.Tag;
import org.yaml.snakeyaml.parser.ParserImpl;
import org.yaml.snakeyaml.reader.ReaderException;
import org.yaml.snakeyaml.reader.StreamReader;

/**
 * Reads YAML 1.2. Aliases may not grow a document: what they stand for counts against its size each
 * time.
 */
final class YamlSourceReader {
    private static final JsonNodeFactory JSON = JsonNodeFactory.instance;

    private final Places root = Places.root();
    private final List<Problem> problems = new ArrayList<>();
    private boolean isTooDeep;
    private int nodes;

    private YamlSourceReader() {}

    static Source read(String text) {
        LoaderOptions options = new LoaderOptions();
        // Each alias counts with all that it stands for, against MAX_NODES.
        options.setMaxAliasesForCollections(Integer.MAX_VALUE);
        options.setNestingDepthLimit(Source.MAX_DEPTH);
        options.setCodePointLimit(Source.MAX_BYTES);
        Node document;
        try {
            document = new Nodes(text, options).getSingleNode();
        } catch (MarkedYAMLException e) {
            return malformed(e);
        } catch (ReaderException e) {
            return unprintable(e, text);
        } catch (YAMLException e) {
            Problem deep = DeepestPlace.find(text, options);
            return Source.unreadable(
                    deep != null
                            ? deep
                            : new Problem(
                                    "syntax",
                                    "",
                                    0,
                                    0,
                                    "the document cannot be read: " + e.getMessage(),
                                    null,
                                    null));
        }
        return document == null
                ? Source.unreadable(SourceReader.EMPTY)
                : new YamlSourceReader().source(document);
    }

    private Source source(Node document) {
        try {
            JsonNode value = convert(document, root, 0);
            return new Source(value, root, problems);
        } catch (TooLarge e) {
            return Source.unreadable(e.problem);
        }
    }

    /** A tag {@code !} says that a value is text, which the library does not know. */
    private static final class Nodes extends Composer {
        Nodes(String text, LoaderOptions options) {
            super(
                    new ParserImpl(new StreamReader(new StringReader(text)), options),
                    new CoreSchema(),
                    options);
        }

        @Override
        protected Node composeScalarNode(@Nullable String anchor, List<CommentLine> comments) {
            boolean isText = "!".equals(((ScalarEvent) parser.peekEvent()).getTag());
            Node node = super.composeScalarNode(anchor, comments);
            if (isText) {
                node.setTag(Tag.STR);
            }
            return node;
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

        private final transient Problem problem;

        TooLarge(Problem problem) {
            this.problem = problem;
        }
    }

    private JsonNode convert(Node node, Places at, int depth) {
        if (++nodes > Source.MAX_NODES) {
            throw new TooLarge(Source.tooMany(at, place(node)));
        }
        Problem deep = Source.tooDeep(at, place(node), depth);
        if (deep != null) {
            if (!isTooDeep) {
                problems.add(deep);
            }
            isTooDeep = true;
            return JSON.nullNode();
        }
        at.value(place(node));
        return switch (node) {
            case MappingNode mapping -> {
                requireTag(mapping, Tag.MAP, at);
                yield mapping(mapping, at, depth);
            }
            case SequenceNode sequence -> {
                requireTag(sequence, Tag.SEQ, at);
                ArrayNode array = JSON.arrayNode();
                for (Node item : sequence.getValue()) {
                    array.add(convert(item, at.child(array.size()), depth + 1));
                }
                yield array;
            }
            case ScalarNode scalar -> scalar(scalar, at);
            default -> JSON.nullNode();
        };
    }

    private JsonNode mapping(MappingNode mapping, Places at, int depth) {
        ObjectNode object = JSON.objectNode();
        for (NodeTuple tuple : mapping.getValue()) {
            if (!(tuple.getKeyNode() instanceof ScalarNode key)) {
                problem("invalid-key", at, tuple.getKeyNode(), "a key must be text", null);
                continue;
            }
            String name = key.getValue();
            Places below = at.child(name);
            if (object.has(name)) {
                problem(
                        "duplicate-key",
                        below,
                        key,
                        "key '%s' stands twice in the same object".formatted(name),
                        "remove one of the two");
                continue;
            }
            if (key.isPlain() && name.equals("<<")) {
                problem(
                        "merge-key",
                        below,
                        key,
                        "merge keys ('<<') are not part of the language",
                        "write the properties out");
                continue;
            }
            below.key(place(key));
            var _ = scalar(key, below);
            object.set(name, convert(tuple.getValueNode(), below, depth + 1));
        }
        return object;
    }

    private JsonNode scalar(ScalarNode scalar, Places at) {
        String text = scalar.getValue();
        Tag tag = scalar.getTag();
        if (tag.equals(Tag.STR)) {
            return JSON.textNode(text);
        }
        if (tag.equals(Tag.NULL) && CoreSchema.isNull(text)) {
            return JSON.nullNode();
        }
        if (tag.equals(Tag.BOOL) && CoreSchema.isTruth(text)) {
            return JSON.booleanNode(text.charAt(0) == 't' || text.charAt(0) == 'T');
        }
        if (tag.equals(Tag.FLOAT) && CoreSchema.isNotFinite(text)) {
            Source.report(
                    problems,
                    "invalid-value",
                    at,
                    place(scalar),
                    "'%s' is no number that JSON has".formatted(text),
                    "a finite number",
                    "write a number, or a text in quotes: '%s'".formatted(text));
            return JSON.textNode(text);
        }
        boolean isNumber =
                (tag.equals(Tag.INT) && CoreSchema.isWhole(text))
                        || (tag.equals(Tag.FLOAT) && CoreSchema.isNumber(text));
        return isNumber ? number(text, scalar, at) : mistagged(scalar, at);
    }

    private JsonNode number(String text, ScalarNode scalar, Places at) {
        try {
            return Numbers.read(text);
        } catch (Numbers.Unusable e) {
            Source.report(
                    problems,
                    "invalid-value",
                    at,
                    place(scalar),
                    String.valueOf(e.getMessage()),
                    Numbers.expected(),
                    "write it as text, in quotes");
            return JSON.textNode(text);
        }
    }

    /** A text whose tag says something else, or nothing that is known here. */
    private JsonNode mistagged(ScalarNode scalar, Places at) {
        String text = scalar.getValue();
        Tag tag = scalar.getTag();
        boolean isKnown = List.of(Tag.NULL, Tag.BOOL, Tag.INT, Tag.FLOAT).contains(tag);
        if (isKnown) {
            problem(
                    "invalid-value",
                    at,
                    scalar,
                    "'%s' is no %s".formatted(text, written(tag)),
                    "leave the tag away, or write the value as it says");
        } else {
            requireTag(scalar, Tag.STR, at);
        }
        return JSON.textNode(text);
    }

    private void requireTag(Node node, Tag tag, Places at) {
        if (!node.getTag().equals(tag)) {
            Source.report(
                    problems,
                    "unknown-tag",
                    at,
                    place(node),
                    "the tag '%s' is not known here, and no tool has replaced it"
                            .formatted(written(node.getTag())),
                    "a value without a tag, or with !!str, !!int, !!float, !!bool, !!null, !!map or !!seq",
                    "write the value itself; secrets are declared under use.secrets");
        }
    }

    private static String written(Tag tag) {
        String value = tag.getValue();
        return value.startsWith(Tag.PREFIX) ? "!!" + value.substring(Tag.PREFIX.length()) : value;
    }

    private void problem(
            String code, Places at, Node node, String message, @Nullable String suggestion) {
        Source.report(problems, code, at, place(node), message, null, suggestion);
    }

    private static Place place(Node node) {
        return place(node.getStartMark());
    }

    static Place place(Mark mark) {
        return new Place(mark.getLine() + 1, mark.getColumn() + 1);
    }
}
