package dev.gantry.orchestrator.definition.explain;

import com.fasterxml.jackson.databind.JsonNode;
import dev.gantry.orchestrator.definition.document.SourceReader;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The tasks of a workflow, and how control flows between them.
 *
 * @param nodes by place in the document, after {@link #START} and {@link #END}
 */
public record Graph(List<Node> nodes, List<Edge> edges) {
    public static final String START = "start";
    public static final String END = "end";

    public Graph {
        nodes = List.copyOf(nodes);
        edges = List.copyOf(edges);
    }

    /**
     * @param id the pointer of the task, or {@link #START} or {@link #END}
     * @param kind the task's keyword, or {@link #START} or {@link #END}
     * @param state of an execution: done, running or failed; null if it has none
     */
    public record Node(String id, String kind, String name, String text, @Nullable String state) {}

    /**
     * @param label when control goes this way; null for always
     */
    public record Edge(String from, String to, @Nullable String label) {}

    /** Of a document that was published. */
    public static Graph of(byte[] document) {
        return of(SourceReader.read(document).root());
    }

    public static Graph of(JsonNode workflow) {
        Builder builder = new Builder();
        builder.nodes.add(new Node(START, START, START, START, null));
        String first = builder.list(workflow.path("do"), "/do", END, null);
        builder.edges.add(new Edge(START, first, null));
        builder.nodes.add(new Node(END, END, END, END, null));
        return new Graph(builder.nodes, List.copyOf(builder.edges));
    }

    /**
     * @param states by the pointers of tasks; those that are not in it have none
     */
    public Graph marked(Map<String, String> states) {
        return new Graph(
                nodes.stream()
                        .map(n -> new Node(n.id, n.kind, n.name, n.text, states.get(n.id)))
                        .toList(),
                edges);
    }

    private static final class Builder {
        private final List<Node> nodes = new ArrayList<>();
        private final Set<Edge> edges = new LinkedHashSet<>();

        /** A list within the document: where control goes after it, and after errors in it. */
        private record Around(Map<String, String> names, String exit, @Nullable String onError) {}

        /** Adds the tasks; gives where control enters. */
        String list(JsonNode list, String pointer, String exit, @Nullable String onError) {
            Map<String, String> names = new LinkedHashMap<>();
            for (int i = 0; i < list.size(); i++) {
                for (var entry : list.get(i).properties()) {
                    names.put(entry.getKey(), at(pointer + "/" + i, entry.getKey()));
                }
            }
            List<String> places = List.copyOf(names.values());
            Around around = new Around(names, exit, onError);
            int i = 0;
            for (JsonNode item : list) {
                for (var entry : item.properties()) {
                    String next = i + 1 < places.size() ? places.get(i + 1) : exit;
                    task(entry.getKey(), entry.getValue(), places.get(i), next, around);
                    i++;
                }
            }
            return places.isEmpty() ? exit : places.getFirst();
        }

        private static String at(String pointer, String name) {
            return pointer + "/" + name.replace("~", "~0").replace("/", "~1");
        }

        private void task(String name, JsonNode task, String id, String next, Around around) {
            String kind = Words.keyword(task);
            nodes.add(new Node(id, kind, name, Words.of(task), null));
            String after = target(task.path("then"), next, around);
            switch (kind) {
                case "do" -> edge(id, list(task.get("do"), id + "/do", after, around.onError()));
                case "for" -> {
                    edge(id, list(task.path("do"), id + "/do", id, around.onError()), "each");
                    edge(id, after, "done");
                }
                case "fork" -> fork(task, id, after, around);
                case "try" -> attempt(task, id, after, around);
                case "switch" -> choose(task, id, after, next, around);
                case "listen" -> {
                    JsonNode each = task.path("foreach").path("do");
                    if (!each.isEmpty()) {
                        edge(id, list(each, id + "/foreach/do", id, around.onError()), "each");
                    }
                    edge(id, after);
                }
                case "raise" ->
                        edge(id, around.onError() == null ? END : around.onError(), "error");
                default -> edge(id, after);
            }
            JsonNode undoing = Undoing.of(task);
            if (!undoing.isEmpty()) {
                String undone = around.onError() == null ? END : around.onError();
                edge(id, list(undoing, id + Undoing.AT, undone, null), "undo");
            }
            if (task.has("if") && !kind.equals("for")) {
                edge(id, next, "skipped");
            }
        }

        private void fork(JsonNode task, String id, String after, Around around) {
            JsonNode branches = task.path("fork").path("branches");
            for (int i = 0; i < branches.size(); i++) {
                for (var branch : branches.get(i).properties()) {
                    String at = at(id + "/fork/branches/" + i, branch.getKey());
                    edge(id, at);
                    task(
                            branch.getKey(),
                            branch.getValue(),
                            at,
                            after,
                            new Around(Map.of(), after, around.onError()));
                }
            }
        }

        private void attempt(JsonNode task, String id, String after, Around around) {
            JsonNode handler = task.path("catch");
            String caught = target(handler.path("then"), after, around);
            String onError =
                    handler.has("do")
                            ? list(handler.get("do"), id + "/catch/do", caught, around.onError())
                            : caught;
            edge(id, list(task.get("try"), id + "/try", after, onError));
            edge(id, onError, "error");
        }

        private void choose(JsonNode task, String id, String after, String next, Around around) {
            boolean otherwise = false;
            for (JsonNode item : task.path("switch")) {
                for (var option : item.properties()) {
                    otherwise |= !option.getValue().has("when");
                    edge(id, target(option.getValue().path("then"), next, around), option.getKey());
                }
            }
            if (!otherwise) {
                edge(id, after, "no case");
            }
        }

        private static String target(JsonNode then, String next, Around around) {
            return switch (then.asText("continue")) {
                case "continue" -> next;
                case "exit" -> around.exit();
                case "end" -> END;
                default -> around.names().getOrDefault(then.asText(), next);
            };
        }

        private void edge(String from, String to) {
            edge(from, to, null);
        }

        private void edge(String from, String to, @Nullable String label) {
            edges.add(new Edge(from, to, label));
        }
    }
}
