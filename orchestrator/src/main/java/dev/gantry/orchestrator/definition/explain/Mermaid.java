package dev.gantry.orchestrator.definition.explain;

import java.util.HashMap;
import java.util.Map;
import java.util.TreeSet;

/** Draws a graph as a Mermaid flowchart. */
public final class Mermaid {
    private static final Map<String, String> COLOURS =
            Map.of(
                    "done", "fill:#d7f5dd,stroke:#2e8540",
                    "running", "fill:#d6e9ff,stroke:#1b6ec2",
                    "failed", "fill:#ffd9d6,stroke:#c62828");

    private Mermaid() {}

    public static String draw(Graph graph) {
        StringBuilder text = new StringBuilder("flowchart TD\n");
        Map<String, String> ids = new HashMap<>();
        TreeSet<String> states = new TreeSet<>();
        for (Graph.Node node : graph.nodes()) {
            String id = "n" + ids.size();
            ids.put(node.id(), id);
            text.append("    ").append(id).append(shape(node));
            String state = node.state();
            if (state != null && COLOURS.containsKey(state)) {
                text.append(":::").append(state);
                states.add(state);
            }
            text.append('\n');
        }
        for (Graph.Edge edge : graph.edges()) {
            String label = edge.label();
            text.append("    ")
                    .append(ids.get(edge.from()))
                    .append(label == null ? " --> " : " -->|\"%s\"| ".formatted(safe(label)))
                    .append(ids.get(edge.to()))
                    .append('\n');
        }
        for (String state : states) {
            text.append("    classDef %s %s\n".formatted(state, COLOURS.get(state)));
        }
        return text.toString();
    }

    private static String shape(Graph.Node node) {
        String label = '"' + safe(node.name()) + '"';
        String both = "\"%s<br/>%s\"".formatted(safe(node.name()), safe(node.text()));
        return switch (node.kind()) {
            case Graph.START, Graph.END -> "([%s])".formatted(label);
            case "switch" -> "{%s}".formatted(both);
            case "for", "fork", "try", "do" -> "[[%s]]".formatted(both);
            default -> "[%s]".formatted(both);
        };
    }

    /** Everything that could end a label, be markup, or mean something to Mermaid, as an entity. */
    private static String safe(String text) {
        StringBuilder safe = new StringBuilder();
        text.codePoints()
                .forEach(c -> {
                    if (Character.isLetterOrDigit(c) || " .,:/-_'…".indexOf(c) >= 0) {
                        safe.appendCodePoint(c);
                    } else if (Character.isISOControl(c)) {
                        safe.append(' ');
                    } else {
                        safe.append('#').append(c).append(';');
                    }
                });
        return safe.toString();
    }
}
