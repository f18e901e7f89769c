package dev.gantry.adapter.localmock;

import java.io.StringReader;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.error.Mark;
import org.yaml.snakeyaml.error.MarkedYAMLException;
import org.yaml.snakeyaml.nodes.MappingNode;
import org.yaml.snakeyaml.nodes.Node;
import org.yaml.snakeyaml.nodes.NodeTuple;
import org.yaml.snakeyaml.nodes.ScalarNode;
import org.yaml.snakeyaml.nodes.SequenceNode;
import org.yaml.snakeyaml.nodes.Tag;

/** Reads YAML, or values that are in memory already, to a {@link Doc}. */
final class DocReader {
    private static final int DEEPEST = 50;

    private final List<Mistake> problems;

    DocReader(List<Mistake> problems) {
        this.problems = problems;
    }

    /** Null if it is no YAML or empty. */
    @Nullable Doc yaml(String text) {
        try {
            Node node = new Yaml(new LoaderOptions()).compose(new StringReader(text));
            return node == null ? null : doc(node, 0);
        } catch (MarkedYAMLException e) {
            Mark mark = e.getProblemMark();
            Doc.Place place = mark == null ? Doc.Place.TOP : place(mark);
            problems.add(new Mistake(place, "not YAML: " + e.getProblem()));
            return null;
        }
    }

    private Doc doc(Node node, int depth) {
        Doc.Place place = place(node.getStartMark());
        if (depth > DEEPEST) {
            problems.add(new Mistake(place, "nested deeper than %d levels".formatted(DEEPEST)));
            return new Doc.Scalar(null, place);
        }
        return switch (node) {
            case MappingNode it -> fields(it, place, depth);
            case SequenceNode it ->
                    new Doc.Items(
                            it.getValue().stream().map(item -> doc(item, depth + 1)).toList(),
                            place);
            case ScalarNode it -> new Doc.Scalar(scalar(it), place);
            default -> new Doc.Scalar(null, place);
        };
    }

    private Doc fields(MappingNode node, Doc.Place place, int depth) {
        List<Doc.Entry> entries = new ArrayList<>();
        for (NodeTuple tuple : node.getValue()) {
            Doc.Place keyPlace = place(tuple.getKeyNode().getStartMark());
            if (!(tuple.getKeyNode() instanceof ScalarNode key)) {
                problems.add(new Mistake(keyPlace, "a key must be a word"));
                continue;
            }
            boolean again = entries.stream().anyMatch(it -> it.key().equals(key.getValue()));
            if (again) {
                problems.add(
                        new Mistake(keyPlace, "'%s' is there twice".formatted(key.getValue())));
            }
            entries.add(
                    new Doc.Entry(key.getValue(), keyPlace, doc(tuple.getValueNode(), depth + 1)));
        }
        return new Doc.Fields(entries, place);
    }

    private static Doc.Place place(Mark mark) {
        return new Doc.Place(mark.getLine() + 1, mark.getColumn() + 1, "");
    }

    /**
     * As in JSON: SnakeYAML also takes {@code on}, {@code 010} and {@code 12:30} for other things.
     */
    private static @Nullable Object scalar(ScalarNode node) {
        String text = node.getValue();
        Tag tag = node.getTag();
        if (tag.equals(Tag.NULL)) {
            return null;
        }
        if (tag.equals(Tag.BOOL) && text.matches("true|false")) {
            return Boolean.valueOf(text);
        }
        if (tag.equals(Tag.INT) && text.matches("-?(0|[1-9]\\d{0,17})")) {
            return Long.valueOf(text);
        }
        if (tag.equals(Tag.FLOAT) && text.matches("-?\\d+\\.?\\d*([eE][-+]?\\d+)?")) {
            return Double.valueOf(text);
        }
        return text;
    }

    /** A block of a function's document. */
    Doc block(Map<String, Object> block) {
        return value(block, Doc.Place.TOP);
    }

    private static Doc value(@Nullable Object value, Doc.Place place) {
        return switch (value) {
            case Map<?, ?> map ->
                    new Doc.Fields(
                            map.entrySet().stream()
                                    .map(it -> entry(String.valueOf(it.getKey()), it, place))
                                    .toList(),
                            place);
            case List<?> list ->
                    new Doc.Items(
                            IntStream.range(0, list.size())
                                    .mapToObj(i ->
                                            value(list.get(i), place.below(Integer.toString(i))))
                                    .toList(),
                            place);
            case Integer number -> new Doc.Scalar(number.longValue(), place);
            case null -> new Doc.Scalar(null, place);
            default -> new Doc.Scalar(value, place);
        };
    }

    private static Doc.Entry entry(String key, Map.Entry<?, ?> of, Doc.Place place) {
        Doc.Place below = place.below(key);
        return new Doc.Entry(key, below, value(of.getValue(), below));
    }
}
