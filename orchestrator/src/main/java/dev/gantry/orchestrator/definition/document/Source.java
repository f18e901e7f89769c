package dev.gantry.orchestrator.definition.document;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.NullNode;
import dev.gantry.orchestrator.definition.Problem;
import java.util.List;
import java.util.Map;

/**
 * A document that was read.
 *
 * @param root its value, JSON null if it cannot be read at all
 * @param keys places of the keys of properties, by the JSON Pointer of their value
 * @param values places of values
 * @param problems what stood in the way of reading it
 */
public record Source(
        JsonNode root, Map<String, Place> keys, Map<String, Place> values, List<Problem> problems) {

    /** The longest document that is read. */
    public static final int MAX_BYTES = 1 << 20;

    static final int MAX_DEPTH = 100;
    static final int MAX_NODES = 100_000;

    static Source unreadable(Problem problem) {
        return new Source(NullNode.getInstance(), Map.of(), Map.of(), List.of(problem));
    }

    /** The place of a value, or of the nearest one around it. */
    public Place place(String pointer) {
        String at = pointer;
        while (true) {
            Place place = keys.getOrDefault(at, values.get(at));
            if (place != null) {
                return place;
            }
            int slash = at.lastIndexOf('/');
            if (slash < 0) {
                return Place.NOWHERE;
            }
            at = at.substring(0, slash);
        }
    }

    /** A name as a part of a JSON Pointer. */
    public static String escape(String name) {
        return name.replace("~", "~0").replace("/", "~1");
    }
}
