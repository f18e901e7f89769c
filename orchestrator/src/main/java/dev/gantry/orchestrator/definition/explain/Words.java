package dev.gantry.orchestrator.definition.explain;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;

/** What a task does, in a few words. */
final class Words {
    private static final List<String> KEYWORDS =
            List.of(
                    "for", "try", "fork", "switch", "call", "run", "wait", "raise", "emit",
                    "listen", "set", "do");
    private static final int SHOWN = 80;

    private Words() {}

    static String keyword(JsonNode task) {
        return KEYWORDS.stream().filter(task::has).findFirst().orElse("task");
    }

    private static String concurrency(JsonNode task) {
        int most = task.path("metadata").path("gantry").path("concurrency").asInt(1);
        return most > 1 ? ", up to %d at a time".formatted(most) : "";
    }

    /** Without an end: a part of a sentence. */
    static String of(JsonNode task) {
        return switch (keyword(task)) {
            case "do" -> "does these tasks in sequence";
            case "for" ->
                    "repeats for each '%s' of %s%s"
                            .formatted(
                                    task.path("for").path("each").asText("item"),
                                    value(task.path("for").path("in")),
                                    concurrency(task));
            case "try" -> "tries these tasks, and catches " + caught(task.path("catch"));
            case "fork" ->
                    task.path("fork").path("compete").asBoolean()
                            ? "starts these branches side by side; the first to end wins, the others are cancelled"
                            : "does these branches side by side, and waits for all";
            case "switch" -> "chooses where to go";
            case "call" -> calls(task);
            case "run" -> runs(task.path("run"));
            case "wait" -> "waits " + duration(task.path("wait"));
            case "raise" -> "fails with the error " + error(task.path("raise").path("error"));
            case "set" -> "makes data: " + value(task.path("set"));
            case "emit" -> "emits an event";
            case "listen" -> "waits for events";
            default -> "does " + value(task);
        };
    }

    static String calls(JsonNode task) {
        JsonNode with = task.path("with");
        String called = task.path("call").asText();
        if (!called.equals("http")) {
            return "calls " + called;
        }
        JsonNode endpoint = with.path("endpoint");
        return "calls HTTP %s %s"
                .formatted(
                        with.path("method").asText().toUpperCase(java.util.Locale.ROOT),
                        value(endpoint.has("uri") ? endpoint.get("uri") : endpoint));
    }

    static String runs(JsonNode run) {
        if (run.has("workflow")) {
            JsonNode workflow = run.get("workflow");
            return "runs the workflow %s/%s%s%s"
                    .formatted(
                            workflow.path("namespace").asText(),
                            workflow.path("name").asText(),
                            workflow.has("version") ? ":" + workflow.get("version").asText() : "",
                            run.path("await").asBoolean(true) ? "" : ", without waiting for it");
        }
        if (run.has("container")) {
            return "runs the container " + value(run.get("container").path("image"));
        }
        if (run.has("script")) {
            return "runs a script in " + run.get("script").path("language").asText();
        }
        return "runs the shell command " + value(run.path("shell").path("command"));
    }

    static String error(JsonNode error) {
        return error.isTextual()
                ? "'%s'".formatted(error.textValue())
                : "%s (status %s)"
                        .formatted(value(error.path("type")), value(error.path("status")));
    }

    static String caught(JsonNode handler) {
        JsonNode with = handler.path("errors").path("with");
        List<String> filters = new ArrayList<>();
        with.properties()
                .forEach(filter -> filters.add(filter.getKey() + " " + value(filter.getValue())));
        if (handler.has("when")) {
            filters.add("when " + value(handler.get("when")));
        }
        if (handler.has("exceptWhen")) {
            filters.add("except when " + value(handler.get("exceptWhen")));
        }
        return filters.isEmpty() ? "every error" : "errors with " + String.join(", ", filters);
    }

    static String duration(JsonNode duration) {
        if (!duration.isObject()) {
            return value(duration);
        }
        List<String> parts = new ArrayList<>();
        duration.properties()
                .forEach(part -> {
                    String unit = part.getKey();
                    boolean one = part.getValue().asInt() == 1 && unit.endsWith("s");
                    parts.add(
                            part.getValue().asText()
                                    + " "
                                    + (one ? unit.substring(0, unit.length() - 1) : unit));
                });
        return String.join(" ", parts);
    }

    /** On one line, and not too long. */
    static String value(JsonNode value) {
        String text = value.isTextual() ? value.textValue() : value.toString();
        String line = text.strip().replaceAll("\\s+", " ");
        return line.length() <= SHOWN ? line : line.substring(0, SHOWN - 1) + "…";
    }
}
