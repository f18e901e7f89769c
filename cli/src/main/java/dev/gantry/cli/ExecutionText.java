package dev.gantry.cli;

import com.fasterxml.jackson.databind.JsonNode;
import dev.gantry.cli.client.Json;
import dev.gantry.cli.terminal.ErrorText;
import dev.gantry.cli.terminal.Style;
import dev.gantry.cli.terminal.Table;
import dev.gantry.cli.terminal.Terminal;
import dev.gantry.cli.terminal.Times;
import java.util.ArrayList;
import java.util.List;

/** An execution as text. */
final class ExecutionText {
    private final Terminal terminal;
    private final Style style;

    ExecutionText(Terminal terminal) {
        this.terminal = terminal;
        this.style = terminal.style();
    }

    /** {@code namespace/name:version}. */
    static String definition(JsonNode definition) {
        return Style.safe(
                "%s/%s:%s"
                        .formatted(
                                Json.text(definition, "namespace"),
                                Json.text(definition, "name"),
                                Json.text(definition, "version")));
    }

    void print(JsonNode execution, List<JsonNode> steps) {
        String status = Json.text(execution, "status");
        Table head = new Table(style);
        row(head, "id", Json.text(execution, "id"));
        row(head, "definition", definition(execution.path("definition")));
        head.row(style.dim("status"), style.status(status));
        row(head, "correlation", Json.text(execution, "correlationId"));
        row(head, "initiator", Json.text(execution, "initiator"));
        if (execution.hasNonNull("parent")) {
            row(head, "parent", Json.text(execution, "parent"));
        }
        row(head, "started", Times.local(Json.text(execution, "startedAt")));
        if (execution.hasNonNull("endedAt")) {
            String took =
                    Times.between(
                            Json.text(execution, "startedAt"), Json.text(execution, "endedAt"));
            row(head, "ended", Times.local(Json.text(execution, "endedAt")) + ", after " + took);
        }
        head.print(terminal);
        currentTasks(execution.path("currentTasks"));
        steps(steps);
        value("input", execution.path("input"));
        if (execution.has("output")) {
            value("output", execution.path("output"));
        }
        if (execution.has("error")) {
            error(execution.path("error"));
        }
    }

    private void row(Table table, String name, String value) {
        table.row(style.dim(name), Style.safe(value));
    }

    private void currentTasks(JsonNode tasks) {
        if (tasks.isEmpty()) {
            return;
        }
        terminal.print("");
        Table table = new Table(style, "NOW", "STATUS", "WAITS FOR");
        for (JsonNode task : tasks) {
            table.row(
                    task(Json.text(task, "pointer"), Json.text(task, "iteration")),
                    style.status(Json.text(task, "status")),
                    Style.safe(Json.text(task, "waitingFor")));
        }
        table.print(terminal);
    }

    private void steps(List<JsonNode> steps) {
        if (steps.isEmpty()) {
            return;
        }
        terminal.print("");
        boolean measured = steps.stream().anyMatch(step -> new StepUsage(step).isKnown());
        List<String> headings =
                new ArrayList<>(
                        List.of("STEP", "TASK", "RUNS", "CLASS", "ADAPTER", "ATTEMPTS", "STATUS"));
        headings.addAll(measured ? List.of("TOOK", "CPU", "MEMORY") : List.of("TOOK"));
        Table table = new Table(style, headings.toArray(String[]::new));
        for (JsonNode step : steps) {
            List<String> cells = step(step);
            if (measured) {
                StepUsage usage = new StepUsage(step);
                cells.addAll(List.of(dash(usage.cpu()), dash(usage.memory())));
            }
            table.row(cells.toArray(String[]::new));
        }
        table.print(terminal);
    }

    private List<String> step(JsonNode step) {
        JsonNode attempts = step.path("attempts");
        JsonNode first = attempts.path(0);
        JsonNode last = attempts.path(attempts.size() - 1);
        return new ArrayList<>(
                List.of(
                        step.path("step").asText(),
                        task(Json.text(step, "pointer"), Json.text(step, "iteration")),
                        Style.safe(Json.text(step, "workload")),
                        dash(Json.text(step, "runtimeClass")),
                        dash(Json.text(last, "adapter")),
                        "" + attempts.size(),
                        style.status(Json.text(step, "status")),
                        Times.between(
                                Json.text(first, "scheduledAt"), Json.text(last, "endedAt"))));
    }

    private static String dash(String text) {
        return text.isEmpty() ? "-" : Style.safe(text);
    }

    static String task(String pointer, String iteration) {
        String name = ErrorText.taskName(pointer);
        return Style.safe(iteration.isEmpty() ? name : name + "[" + iteration + "]");
    }

    private void value(String name, JsonNode value) {
        terminal.print("");
        terminal.print(style.dim(name));
        terminal.print(text(value));
    }

    void error(JsonNode error) {
        terminal.print("");
        terminal.print(style.dim("error"));
        Table table = new Table(style);
        row(table, "  type", Json.text(error, "type") + ", status " + Json.text(error, "status"));
        row(table, "  title", Json.text(error, "title"));
        row(table, "  detail", Json.text(error, "detail"));
        row(table, "  at", Json.text(error, "instance"));
        row(table, "  code", Json.text(error, "code"));
        table.lines().stream().filter(line -> line.strip().contains("  ")).forEach(terminal::print);
    }

    /** JSON escapes control characters, so this is harmless. */
    static String text(JsonNode value) {
        return Json.pretty(value);
    }
}
