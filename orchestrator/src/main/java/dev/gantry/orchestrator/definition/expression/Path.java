package dev.gantry.orchestrator.definition.expression;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import java.util.ArrayDeque;
import java.util.Deque;
import org.jspecify.annotations.Nullable;

/**
 * The way from a value to a part of it. Values that are made rather than found keep the path of
 * what they were made from, and so are told by not being what the path leads to.
 *
 * @param key what leads here from the outer path; null at the root
 * @param value what the path leads to
 */
record Path(@Nullable Path outer, @Nullable JsonNode key, JsonNode value) {
    static Path root(JsonNode value) {
        return new Path(null, null, value);
    }

    Path to(JsonNode inner, JsonNode found) {
        return new Path(this, inner, found);
    }

    /** What the path leads to is looked into, or given as a result of {@code path}. */
    // An equal value that was made elsewhere has no path.
    @SuppressWarnings("ReferenceEquality")
    void requireLeadsTo(JsonNode found) {
        if (value != found && !(value.isNull() && found.isNull())) {
            throw new JqError(
                    "%s is made by the expression and so has no path; only parts of the input have one"
                            .formatted(Shown.of(found)));
        }
    }

    ArrayNode keys() {
        Deque<JsonNode> keys = new ArrayDeque<>();
        for (Path at = this; at.outer != null && at.key != null; at = at.outer) {
            keys.addFirst(at.key);
        }
        ArrayNode array = JsonNodeFactory.instance.arrayNode(keys.size());
        keys.forEach(array::add);
        return array;
    }
}
