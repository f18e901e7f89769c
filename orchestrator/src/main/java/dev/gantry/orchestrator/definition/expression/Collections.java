package dev.gantry.orchestrator.definition.expression;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.BooleanNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.NullNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Built-in functions of arrays and objects, and of values of any kind. */
final class Collections {
    private static final JsonNodeFactory JSON = JsonNodeFactory.instance;

    private Collections() {}

    /** By {@code name/arity}. */
    static Map<String, Native> functions() {
        Map<String, Native> all = new TreeMap<>();
        all.put("not/0", (in, given) -> BooleanNode.valueOf(!Node.isTrue(in)));
        all.put("type/0", (in, given) -> TextNode.valueOf(Shown.type(in)));
        all.put("length/0", (in, given) -> length(in));
        all.put("keys/0", (in, given) -> keys(in, true));
        all.put("keys_unsorted/0", (in, given) -> keys(in, false));
        all.put("has/1", (in, given) -> BooleanNode.valueOf(has(in, given[0])));
        all.put("contains/1", (in, given) -> contains(in, given[0]));
        all.put("indices/1", (in, given) -> indices(in, given[0]));
        all.put(
                "setpath/2",
                (in, given) -> Parts.setPath(in, Parts.requirePath(given[0]), 0, given[1]));
        all.put("delpaths/1", (in, given) -> Parts.deletePaths(in, given[0]));
        all.put("sort/0", (in, given) -> sort(in, in));
        all.put("_sort_by/1", (in, given) -> sort(in, given[0]));
        all.put("_group_by/1", (in, given) -> group(in, given[0]));
        all.put("_min_by/1", (in, given) -> extreme(in, given[0], -1));
        all.put("_max_by/1", (in, given) -> extreme(in, given[0], 1));
        all.put("flatten/0", (in, given) -> flatten(in, Double.POSITIVE_INFINITY));
        all.put("flatten/1", (in, given) -> flatten(in, depth(given[0])));
        all.put("reverse/0", (in, given) -> reverse(in));
        all.put("from_entries/0", (in, given) -> fromEntries(in));
        all.put("infinite/0", (in, given) -> Numbers.of(Double.POSITIVE_INFINITY));
        all.put("nan/0", (in, given) -> Numbers.of(Double.NaN));
        all.put(
                "isinfinite/0",
                (in, given) ->
                        BooleanNode.valueOf(in.isNumber() && Double.isInfinite(in.doubleValue())));
        all.put(
                "isnan/0",
                (in, given) ->
                        BooleanNode.valueOf(in.isNumber() && Double.isNaN(in.doubleValue())));
        all.put(
                "isnormal/0",
                (in, given) -> {
                    double size = in.isNumber() ? Math.abs(in.doubleValue()) : 0;
                    return BooleanNode.valueOf(
                            size >= Double.MIN_NORMAL && size <= Double.MAX_VALUE);
                });
        return all;
    }

    private static JsonNode length(JsonNode in) {
        return switch (in.getNodeType()) {
            case STRING -> Numbers.of(in.textValue().codePointCount(0, in.textValue().length()));
            case NUMBER -> in.doubleValue() < 0 ? Numbers.negative(in) : in;
            case BOOLEAN -> throw new JqError("%s has no length".formatted(Shown.of(in)));
            default -> Numbers.of(in.size());
        };
    }

    private static ArrayNode keys(JsonNode in, boolean sorted) {
        ArrayNode keys = JSON.arrayNode(in.size());
        if (in.isObject()) {
            if (sorted) {
                Order.names(in).forEach(keys::add);
            } else {
                in.fieldNames().forEachRemaining(keys::add);
            }
        } else if (in.isArray()) {
            for (int i = 0; i < in.size(); i++) {
                keys.add(i);
            }
        } else {
            throw new JqError("%s has no keys".formatted(Shown.of(in)));
        }
        return keys;
    }

    private static boolean has(JsonNode in, JsonNode key) {
        if (in.isObject() && key.isTextual()) {
            return in.has(key.textValue());
        }
        if (in.isArray() && key.isNumber()) {
            return key.doubleValue() >= 0 && key.doubleValue() < in.size();
        }
        if (in.isNull() && (key.isTextual() || key.isNumber())) {
            return false;
        }
        throw new JqError("%s cannot have the key %s".formatted(Shown.of(in), Shown.of(key)));
    }

    private static BooleanNode contains(JsonNode in, JsonNode part) {
        Budget.requireProduct(in, part);
        if (in.getNodeType() != part.getNodeType()) {
            throw new JqError(
                    "whether %s contains %s cannot be told, as they are of different types"
                            .formatted(Shown.of(in), Shown.of(part)));
        }
        return BooleanNode.valueOf(holds(in, part));
    }

    private static boolean holds(JsonNode in, JsonNode part) {
        if (in.isObject() && part.isObject()) {
            return part.properties().stream()
                    .allMatch(field ->
                            in.has(field.getKey())
                                    && holds(in.get(field.getKey()), field.getValue()));
        }
        if (in.isArray() && part.isArray()) {
            for (JsonNode wanted : part) {
                boolean found = false;
                for (JsonNode item : in) {
                    found |= holds(item, wanted);
                }
                if (!found) {
                    return false;
                }
            }
            return true;
        }
        if (in.isTextual() && part.isTextual()) {
            return in.textValue().contains(part.textValue());
        }
        return Order.equal(in, part);
    }

    private static JsonNode indices(JsonNode in, JsonNode sought) {
        if (in.isArray()) {
            return Parts.get(in, sought.isArray() ? sought : JSON.arrayNode().add(sought));
        }
        if (!in.isTextual() || !sought.isTextual()) {
            return Parts.get(in, sought);
        }
        Budget.requireProduct(in, sought);
        ArrayNode found = JSON.arrayNode();
        String text = in.textValue();
        int counted = 0;
        int points = 0;
        int at = sought.textValue().isEmpty() ? -1 : text.indexOf(sought.textValue());
        while (at >= 0) {
            points += text.codePointCount(counted, at);
            counted = at;
            found.add(points);
            at = text.indexOf(sought.textValue(), at + 1);
        }
        return found;
    }

    private static JsonNode requireArray(JsonNode in, String done) {
        if (!in.isArray()) {
            throw new JqError("%s cannot be %s, as it is no array".formatted(Shown.of(in), done));
        }
        return in;
    }

    /** A value and what it is sorted by. */
    private record Keyed(JsonNode key, JsonNode value) {}

    private static List<Keyed> sorted(JsonNode in, JsonNode keys, String done) {
        requireArray(in, done);
        List<Keyed> all = new ArrayList<>(in.size());
        for (int i = 0; i < in.size(); i++) {
            all.add(new Keyed(keys.get(i), in.get(i)));
        }
        all.sort(Comparator.comparing(Keyed::key, Order.SORTING));
        return all;
    }

    private static ArrayNode sort(JsonNode in, JsonNode keys) {
        ArrayNode sorted = JSON.arrayNode(in.size());
        sorted(in, keys, "sorted").forEach(item -> sorted.add(item.value()));
        return sorted;
    }

    private static ArrayNode group(JsonNode in, JsonNode keys) {
        ArrayNode groups = JSON.arrayNode();
        ArrayNode group = null;
        JsonNode last = null;
        for (Keyed item : sorted(in, keys, "grouped")) {
            if (group == null || last == null || !Order.equal(last, item.key())) {
                group = groups.addArray();
                last = item.key();
            }
            group.add(item.value());
        }
        return groups;
    }

    private static JsonNode extreme(JsonNode in, JsonNode keys, int sign) {
        requireArray(in, "searched for a " + (sign < 0 ? "minimum" : "maximum"));
        JsonNode best = NullNode.getInstance();
        JsonNode key = null;
        for (int i = 0; i < in.size(); i++) {
            int order = key == null ? sign : Order.compare(keys.get(i), key);
            // Of equal ones the first is the minimum and the last the maximum.
            if (sign < 0 ? order < 0 : order >= 0) {
                best = in.get(i);
                key = keys.get(i);
            }
        }
        return best;
    }

    private static double depth(JsonNode depth) {
        double levels = Numbers.real(depth);
        if (levels < 0) {
            throw new JqError("flatten takes no negative depth, as %s".formatted(Shown.of(depth)));
        }
        return levels;
    }

    private static ArrayNode flatten(JsonNode in, double depth) {
        if (!in.isContainerNode()) {
            throw new JqError("cannot iterate over %s".formatted(Shown.of(in)));
        }
        ArrayNode flat = JSON.arrayNode();
        for (JsonNode item : in) {
            if (item.isArray() && depth != 0) {
                flat.addAll(flatten(item, depth - 1));
            } else {
                flat.add(item);
            }
        }
        return flat;
    }

    private static JsonNode reverse(JsonNode in) {
        if (in.isTextual()) {
            return TextNode.valueOf(Texts.reversed(in.textValue()));
        }
        ArrayNode reversed = JSON.arrayNode();
        if (!in.isNull() && !(in.isObject() && in.isEmpty())) {
            for (int i = requireArray(in, "reversed").size() - 1; i >= 0; i--) {
                reversed.add(in.get(i));
            }
        }
        return reversed;
    }

    /** Names of members as other tools and other versions of jq write them, too. */
    private static ObjectNode fromEntries(JsonNode in) {
        if (!in.isContainerNode()) {
            throw new JqError("cannot iterate over %s".formatted(Shown.of(in)));
        }
        ObjectNode object = JSON.objectNode();
        for (JsonNode entry : in) {
            if (!entry.isObject()) {
                throw new JqError("%s is no entry with key and value".formatted(Shown.of(entry)));
            }
            JsonNode key = member(entry, true, "key", "k", "name", "Name", "Key", "K");
            JsonNode value = member(entry, false, "value", "v", "Value", "V");
            String name =
                    switch (key == null ? NullNode.getInstance() : key) {
                        case TextNode text -> text.textValue();
                        case JsonNode other when other.isNull() -> "null";
                        case JsonNode other when other.isContainerNode() ->
                                throw new JqError(
                                        "%s cannot be the name of a member, which is a text"
                                                .formatted(Shown.of(other)));
                        case JsonNode other -> JsonText.of(other);
                    };
            object.set(name, value == null ? NullNode.getInstance() : value);
        }
        return object;
    }

    private static @Nullable JsonNode member(JsonNode entry, boolean skipsNull, String... names) {
        for (String name : names) {
            JsonNode value = entry.get(name);
            if (value != null && !(skipsNull && value.isNull())) {
                return value;
            }
        }
        return null;
    }
}
