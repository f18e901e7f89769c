package dev.gantry.cli;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.sun.net.httpserver.HttpExchange;
import dev.gantry.cli.client.Json;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A registry that reads as much of a document as it must: names, calls of functions, runs of
 * workflows, and the key {@code methd} as a mistake.
 */
final class FakeDefinitions {
    private static final Pattern CALL = Pattern.compile("call: (\\S+)@default");
    private static final Pattern RUN =
            Pattern.compile("workflow: \\{namespace: (\\S+), name: (\\S+), version: ([^}\\s]+)}");

    final Map<String, String> published = new ConcurrentHashMap<>();
    final List<String> order = new ArrayList<>();

    void publish(HttpExchange exchange) throws IOException {
        String text = text(exchange);
        ObjectNode definition = definition(text);
        String name = name(definition);
        ArrayNode problems = problems(text);
        String there = published.get(name);
        if (!problems.isEmpty()) {
            ObjectNode problem =
                    Json.object()
                            .put("title", "The definition is invalid")
                            .put("status", 400)
                            .put("code", "DEFINITION_INVALID")
                            .put("detail", "The document has problems.");
            problem.set("errors", problems);
            FakeGantry.send(exchange, 400, "application/problem+json", problem.toString());
        } else if (there == null) {
            published.put(name, text);
            synchronized (order) {
                order.add(name);
            }
            FakeGantry.answer(exchange, 201, definition.put("digest", "sha256:1").toString());
        } else if (there.equals(text)) {
            FakeGantry.answer(exchange, 200, definition.put("digest", "sha256:1").toString());
        } else {
            FakeGantry.problem(
                    exchange, 409, "DEFINITION_CONFLICT", name + " is there with other content.");
        }
    }

    void validate(HttpExchange exchange) throws IOException {
        String text = text(exchange);
        ArrayNode problems = problems(text);
        ObjectNode report = Json.object().put("valid", problems.isEmpty());
        report.set("definition", definition(text));
        report.set("problems", problems);
        FakeGantry.answer(exchange, 200, report.toString());
    }

    private static String text(HttpExchange exchange) throws IOException {
        return new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
    }

    private ArrayNode problems(String text) {
        ArrayNode problems = JsonNodeFactory.instance.arrayNode();
        List<String> lines = text.lines().toList();
        for (int i = 0; i < lines.size(); i++) {
            String line = lines.get(i);
            Matcher call = CALL.matcher(line);
            Matcher run = RUN.matcher(line);
            if (line.contains("methd:")) {
                problems.add(
                        problem("unknown-property", i + 1, line.indexOf("methd") + 1)
                                .put("message", "unknown property 'methd' in call http 'with'")
                                .put("expected", "method, endpoint, headers")
                                .put("suggestion", "did you mean 'method'?"));
            } else if (call.find() && !published.containsKey("function " + call.group(1))) {
                problems.add(
                        problem("unknown-function", i + 1, call.start(1) + 1)
                                .put("message", "function is not registered"));
            } else if (run.find()
                    && !published.containsKey(
                            "workflow %s/%s:%s"
                                    .formatted(run.group(1), run.group(2), run.group(3)))) {
                problems.add(
                        problem("unknown-workflow", i + 1, run.start() + 1)
                                .put("message", "workflow is not registered"));
            }
        }
        return problems;
    }

    private static ObjectNode problem(String code, int line, int column) {
        return Json.object()
                .put("code", code)
                .put("pointer", "/do/0")
                .put("line", line)
                .put("column", column);
    }

    private static ObjectNode definition(String text) {
        boolean isFunction = Pattern.compile("(?m)^function:").matcher(text).find();
        return Json.object()
                .put("kind", isFunction ? "function" : "workflow")
                .put("namespace", value(text, "namespace"))
                .put("name", value(text, isFunction ? "function" : "name"))
                .put("version", value(text, "version"));
    }

    private static String name(ObjectNode definition) {
        return Json.text(definition, "kind") + " " + ExecutionText.definition(definition);
    }

    private static String value(String text, String key) {
        Matcher matcher = Pattern.compile("(?m)^\\s*" + key + ": (\\S+)").matcher(text);
        return matcher.find() ? matcher.group(1) : "";
    }
}
