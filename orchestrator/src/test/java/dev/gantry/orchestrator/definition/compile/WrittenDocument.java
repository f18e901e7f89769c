package dev.gantry.orchestrator.definition.compile;

import com.fasterxml.jackson.databind.JsonNode;
import dev.gantry.orchestrator.definition.document.Place;
import dev.gantry.orchestrator.definition.document.Source;
import java.util.HashMap;
import java.util.Iterator;
import java.util.Map;
import java.util.Set;

/** A document as text, in block YAML or in JSON, and where each of its values begins. */
final class WrittenDocument {
    private final StringBuilder text = new StringBuilder();
    private final Map<String, Place> places = new HashMap<>();
    private final boolean yaml;
    private final Set<String> twice;
    private int line = 1;
    private int lineStart;

    /**
     * @param twice pointers of properties that are written two times
     */
    WrittenDocument(JsonNode root, boolean yaml, Set<String> twice) {
        this.yaml = yaml;
        this.twice = twice;
        note("");
        write(root, "", 0);
        text.append('\n');
    }

    String text() {
        return text.toString();
    }

    /** Of its key, if it has one; of the second, if it was written twice. */
    Place place(String pointer) {
        return places.getOrDefault(pointer, Place.NOWHERE);
    }

    private void note(String pointer) {
        places.put(pointer, new Place(line, text.length() - lineStart + 1));
    }

    private void newLine(int indent) {
        text.append('\n');
        line++;
        lineStart = text.length();
        text.append("  ".repeat(indent));
    }

    private void write(JsonNode node, String pointer, int indent) {
        if (!node.isContainerNode() || node.isEmpty()) {
            text.append(node);
            return;
        }
        boolean list = node.isArray();
        if (!yaml) {
            text.append(list ? '[' : '{');
        }
        boolean first = true;
        Iterator<String> names = node.fieldNames();
        for (int i = 0; i < node.size(); i++) {
            String name = list ? Integer.toString(i) : names.next();
            String below = pointer + "/" + Source.escape(name);
            JsonNode value = list ? node.get(i) : node.get(name);
            int times = twice.contains(below) ? 2 : 1;
            for (int t = 0; t < times; t++) {
                if (!first && !yaml) {
                    text.append(',');
                }
                if (!yaml || !pointer.isEmpty() || !first) {
                    newLine(yaml && pointer.isEmpty() ? 0 : indent);
                }
                first = false;
                entry(list, name, value, below, indent);
            }
        }
        if (!yaml) {
            text.append(list ? ']' : '}');
        }
    }

    private void entry(boolean list, String name, JsonNode value, String pointer, int indent) {
        if (list && yaml) {
            text.append("- ");
        }
        if (!list || !yaml || !value.isContainerNode() || value.isEmpty()) {
            note(pointer);
        }
        if (!list) {
            text.append('"').append(name).append("\": ");
        }
        if (list && yaml && value.isContainerNode() && !value.isEmpty()) {
            // The value begins at its first key, on the next line.
            places.put(pointer, new Place(line + 1, 2 * (indent + 1) + 1));
        }
        write(value, pointer, indent + 1);
    }
}
