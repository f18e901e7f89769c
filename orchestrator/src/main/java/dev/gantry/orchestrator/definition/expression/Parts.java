package dev.gantry.orchestrator.definition.expression;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.NullNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Takes, sets and deletes parts of values, by keys and by paths of them. */
final class Parts {
    private static final JsonNode NULL = NullNode.getInstance();

    private Parts() {}

    /** {@code .[key]}. */
    static JsonNode get(JsonNode in, JsonNode key) {
        if (key.isTextual() && (in.isObject() || in.isNull())) {
            JsonNode found = in.get(key.textValue());
            return found == null ? NULL : found;
        }
        if (key.isNumber() && (in.isArray() || in.isNull())) {
            double index = key.doubleValue();
            JsonNode found =
                    Double.isNaN(index)
                            ? null
                            : in.get((int) (index < 0 ? (int) index + in.size() : index));
            return found == null ? NULL : found;
        }
        if (key.isObject() && (in.isArray() || in.isTextual() || in.isNull())) {
            return slice(in, bound(key.get("start")), bound(key.get("end")));
        }
        if (key.isArray() && in.isArray()) {
            return indices(in, key);
        }
        throw cannotIndex(in, key);
    }

    static JqError cannotIndex(JsonNode in, JsonNode key) {
        return new JqError(
                "cannot index %s with %s"
                        .formatted(
                                Shown.of(in),
                                key.isTextual() ? Shown.json(key, Shown.LENGTH) : Shown.of(key)));
    }

    private static JsonNode bound(@Nullable JsonNode bound) {
        if (bound == null || bound.isNull()) {
            return NULL;
        }
        if (!bound.isNumber()) {
            throw new JqError(
                    "%s is no bound of a slice, which is a number".formatted(Shown.of(bound)));
        }
        return bound;
    }

    static JsonNode slice(JsonNode in, JsonNode from, JsonNode to) {
        if (in.isNull()) {
            return NULL;
        }
        if (in.isTextual()) {
            String text = in.textValue();
            int length = text.codePointCount(0, text.length());
            int start = start(from, length);
            int end = Math.max(start, end(to, length));
            int first = text.offsetByCodePoints(0, start);
            return TextNode.valueOf(
                    text.substring(first, text.offsetByCodePoints(first, end - start)));
        }
        if (!in.isArray()) {
            throw new JqError("cannot take a slice of %s".formatted(Shown.of(in)));
        }
        int start = start(from, in.size());
        int end = Math.max(start, end(to, in.size()));
        ArrayNode part = JsonNodeFactory.instance.arrayNode(end - start);
        for (int i = start; i < end; i++) {
            part.add(in.get(i));
        }
        return part;
    }

    private static int start(JsonNode from, int length) {
        double bound = from.isNull() || Double.isNaN(from.doubleValue()) ? 0 : from.doubleValue();
        return (int) Math.clamp(Math.floor(bound < 0 ? bound + length : bound), 0, length);
    }

    private static int end(JsonNode to, int length) {
        double bound = to.isNull() || Double.isNaN(to.doubleValue()) ? length : to.doubleValue();
        return (int) Math.clamp(Math.ceil(bound < 0 ? bound + length : bound), 0, length);
    }

    private static ArrayNode indices(JsonNode in, JsonNode sought) {
        Budget.requireProduct(in, sought);
        ArrayNode found = JsonNodeFactory.instance.arrayNode();
        for (int i = 0; !sought.isEmpty() && i + sought.size() <= in.size(); i++) {
            int same = 0;
            while (same < sought.size() && Order.equal(in.get(i + same), sought.get(same))) {
                same++;
            }
            if (same == sought.size()) {
                found.add(i);
            }
        }
        return found;
    }

    static JsonNode getPath(JsonNode in, JsonNode path) {
        JsonNode at = in;
        for (JsonNode key : requirePath(path)) {
            if (at.isNull()) {
                return at;
            }
            at = get(at, key);
        }
        return at;
    }

    static JsonNode requirePath(JsonNode path) {
        if (!path.isArray()) {
            throw new JqError("%s is no path, which is a list".formatted(Shown.of(path)));
        }
        return path;
    }

    /**
     * Makes of the value at the path what the change makes of it; null stands for nothing there.
     */
    static JsonNode setPath(JsonNode in, JsonNode path, int from, JsonNode value) {
        if (from == path.size()) {
            return value;
        }
        JsonNode key = path.get(from);
        JsonNode inner =
                from + 1 == path.size() ? value : setPath(get(in, key), path, from + 1, value);
        return set(in, key, inner);
    }

    private static JsonNode set(JsonNode in, JsonNode key, JsonNode value) {
        if (key.isTextual() && (in.isObject() || in.isNull())) {
            ObjectNode object = JsonNodeFactory.instance.objectNode();
            if (in.isObject()) {
                object.setAll((ObjectNode) in);
            }
            return object.set(key.textValue(), value);
        }
        if (key.isNumber() && (in.isArray() || in.isNull())) {
            return setIndex(in, key, value);
        }
        if (key.isObject() && (in.isArray() || in.isNull())) {
            return setSlice(in, bound(key.get("start")), bound(key.get("end")), value);
        }
        throw key.isArray() && in.isArray()
                ? new JqError("places found by %s cannot be set".formatted(Shown.of(key)))
                : cannotIndex(in, key);
    }

    private static JsonNode setIndex(JsonNode in, JsonNode key, JsonNode value) {
        double written = key.doubleValue();
        double index = written < 0 ? (int) written + in.size() : Math.floor(written);
        if (!(index >= 0)) {
            throw new JqError(
                    "%s is before the first of %d values".formatted(Shown.of(key), in.size()));
        }
        if (index > Budget.MAX_INDEX && index >= in.size()) {
            throw new Budget.Exhausted("an index is above %d".formatted(Budget.MAX_INDEX));
        }
        ArrayNode array = JsonNodeFactory.instance.arrayNode(Math.max(in.size(), (int) index + 1));
        in.forEach(array::add);
        while (array.size() <= index) {
            array.add(NULL);
        }
        array.set((int) index, value);
        return array;
    }

    private static JsonNode setSlice(JsonNode in, JsonNode from, JsonNode to, JsonNode value) {
        if (!value.isArray()) {
            throw new JqError(
                    "%s is set as a slice of a list, which takes a list"
                            .formatted(Shown.of(value)));
        }
        int start = start(from, in.size());
        int end = Math.max(start, end(to, in.size()));
        ArrayNode array = JsonNodeFactory.instance.arrayNode();
        for (int i = 0; i < start; i++) {
            array.add(in.get(i));
        }
        value.forEach(array::add);
        for (int i = end; i < in.size(); i++) {
            array.add(in.get(i));
        }
        return array;
    }

    /** Without what the paths lead to. */
    static JsonNode deletePaths(JsonNode in, JsonNode paths) {
        if (!paths.isArray()) {
            throw new JqError("%s is no list of paths".formatted(Shown.of(paths)));
        }
        List<JsonNode> sorted = new ArrayList<>();
        for (JsonNode path : paths) {
            sorted.add(requirePath(path));
        }
        sorted.sort(Order.SORTING);
        return !sorted.isEmpty() && sorted.getFirst().isEmpty() ? NULL : delete(in, sorted, 0);
    }

    /** What is deleted from one value is found in it as it was before. */
    private static JsonNode delete(JsonNode in, List<JsonNode> paths, int from) {
        if (in.isNull()) {
            return in;
        }
        JsonNode left = in;
        List<JsonNode> keys = new ArrayList<>();
        for (int end = paths.size(); end > 0; ) {
            JsonNode key = paths.get(end - 1).get(from);
            int begin = end;
            while (begin > 0 && Order.equal(paths.get(begin - 1).get(from), key)) {
                begin--;
            }
            if (paths.get(begin).size() == from + 1) {
                keys.add(key);
            } else {
                JsonNode before = get(left, key);
                if (!before.isNull()) {
                    left = set(left, key, delete(before, paths.subList(begin, end), from + 1));
                }
            }
            end = Math.min(begin, end - 1);
        }
        return keys.isEmpty() ? left : without(left, keys);
    }

    private static JsonNode without(JsonNode in, List<JsonNode> keys) {
        if (in.isObject() && keys.stream().allMatch(JsonNode::isTextual)) {
            ObjectNode object = JsonNodeFactory.instance.objectNode();
            object.setAll((ObjectNode) in);
            keys.forEach(key -> object.remove(key.textValue()));
            return object;
        }
        if (!in.isArray() || !keys.stream().allMatch(key -> key.isNumber() || key.isObject())) {
            throw new JqError(
                    "%s cannot be deleted from %s"
                            .formatted(Shown.of(keys.getFirst()), Shown.of(in)));
        }
        BitSet gone = new BitSet();
        for (JsonNode key : keys) {
            if (key.isObject()) {
                int start = start(bound(key.get("start")), in.size());
                gone.set(start, Math.max(start, end(bound(key.get("end")), in.size())));
            } else {
                double written = key.doubleValue();
                double index = written < 0 ? (int) written + in.size() : Math.floor(written);
                if (index >= 0 && index < in.size()) {
                    gone.set((int) index);
                }
            }
        }
        ArrayNode array = JsonNodeFactory.instance.arrayNode(in.size());
        for (int i = 0; i < in.size(); i++) {
            if (!gone.get(i)) {
                array.add(in.get(i));
            }
        }
        return array;
    }
}
