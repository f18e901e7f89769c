package dev.gantry.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.gantry.cli.client.Api;
import dev.gantry.cli.client.Json;
import dev.gantry.cli.client.Request;
import dev.gantry.cli.terminal.Style;
import dev.gantry.cli.terminal.Terminal;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The logs of all steps of an execution, line by line with the task's name before each. */
final class AllLogs {
    private static final Set<String> ENDED = Set.of("completed", "faulted", "cancelled");
    private static final Set<String> STEP_ENDED = Set.of("succeeded", "failed", "cancelled");
    private static final long PAUSE_MILLIS = 400;

    private final Api api;
    private final String execution;
    private final Terminal terminal;
    private final boolean json;
    private final Map<Integer, StepLog> logs = new LinkedHashMap<>();

    private static final class StepLog {
        final String task;
        @Nullable String after;
        int attempt;

        /** What has come of a line that is not complete, by stream. */
        final Map<String, StringBuilder> begun = new LinkedHashMap<>();

        StepLog(String task) {
            this.task = task;
        }
    }

    AllLogs(Api api, String execution, Terminal terminal, boolean json) {
        this.api = api;
        this.execution = execution;
        this.terminal = terminal;
        this.json = json;
    }

    void print(boolean follow) throws InterruptedException {
        while (true) {
            // First the status: what is stored when it has ended is all there is.
            boolean ended =
                    !follow
                            || ENDED.contains(
                                    Json.text(
                                            api.get("/v1/executions/" + Request.encode(execution)),
                                            "status"));
            for (JsonNode step : Steps.all(api, execution)) {
                StepLog log =
                        logs.computeIfAbsent(
                                step.path("step").asInt(), _ -> new StepLog(Steps.task(step)));
                print(step.path("step").asInt(), log);
                if (ended || STEP_ENDED.contains(Json.text(step, "status"))) {
                    flush(log);
                }
            }
            if (ended) {
                return;
            }
            Thread.sleep(PAUSE_MILLIS);
        }
    }

    private void print(int step, StepLog log) {
        Request request =
                Request.get(Steps.path(execution) + "/" + step + "/logs").query("limit", "500");
        for (JsonNode chunk : api.items(request, log.after)) {
            log.after = chunk.path("sequence").asText();
            if (json) {
                ObjectNode line = Json.object().put("step", step).put("task", log.task);
                line.setAll((ObjectNode) chunk);
                terminal.print(Json.compact(line));
                continue;
            }
            int attempt = chunk.path("attempt").asInt();
            if (attempt != log.attempt) {
                flush(log);
                log.attempt = attempt;
            }
            lines(log, Json.text(chunk, "stream"), Json.text(chunk, "text"));
        }
    }

    private void lines(StepLog log, String stream, String text) {
        StringBuilder begun = log.begun.computeIfAbsent(stream, _ -> new StringBuilder());
        begun.append(text);
        int start = 0;
        for (int end = begun.indexOf("\n"); end >= 0; end = begun.indexOf("\n", start)) {
            line(log, stream, begun.substring(start, end));
            start = end + 1;
        }
        begun.delete(0, start);
    }

    /** Prints lines that nothing comes after, although they have no end. */
    private void flush(StepLog log) {
        log.begun.forEach((stream, rest) -> {
            if (!rest.isEmpty()) {
                line(log, stream, rest.toString());
                rest.setLength(0);
            }
        });
    }

    private void line(StepLog log, String stream, String line) {
        Style style = terminal.style();
        String bar = stream.equals("stderr") ? style.red("|") : style.dim("|");
        terminal.print("%s %s %s".formatted(style.cyan(log.task), bar, line));
    }
}
