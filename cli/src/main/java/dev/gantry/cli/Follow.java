package dev.gantry.cli;

import com.fasterxml.jackson.databind.JsonNode;
import dev.gantry.cli.client.Api;
import dev.gantry.cli.client.EventStream;
import dev.gantry.cli.client.Json;
import dev.gantry.cli.client.RefusedException;
import dev.gantry.cli.client.Request;
import dev.gantry.cli.client.UnreachableException;
import dev.gantry.cli.terminal.StatusLine;
import dev.gantry.cli.terminal.Style;
import dev.gantry.cli.terminal.Terminal;
import dev.gantry.cli.terminal.Timeline;
import dev.gantry.cli.terminal.Times;
import java.io.IOException;
import java.time.Duration;
import java.util.Set;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Stays with an execution to its end, and shows what happens. A server that goes away is waited
 * for: the execution survives that, so the one who follows it should too.
 */
final class Follow {
    private static final Set<String> ENDED = Set.of("completed", "faulted", "cancelled");
    private static final Duration SILENCE = Duration.ofSeconds(45);
    private static final Duration PATIENCE = Duration.ofMinutes(2);
    private static final long SHORTEST_PAUSE_MILLIS = 100;
    private static final long LONGEST_PAUSE_MILLIS = 2_000;

    private final Supplier<Api> api;
    private final String path;
    private final Terminal terminal;
    private final boolean json;
    private final Timeline timeline;
    private final StatusLine status;
    private @Nullable String page;
    private String lastEventId = "";
    private boolean lost;

    /**
     * @param api asked again after a loss of the connection: the server may be elsewhere then
     * @param json whether only the result is printed, for a program
     */
    Follow(Supplier<Api> api, String id, Terminal terminal, boolean json) {
        this.api = api;
        this.path = "/v1/executions/" + Request.encode(id);
        this.terminal = terminal;
        this.json = json;
        this.status = new StatusLine(terminal, this::now);
        this.timeline = new Timeline(terminal.style(), status::print);
    }

    /** Prints the result too, and gives the exit code that goes with it. */
    int toTheEnd() throws InterruptedException {
        Thread hook = new Thread(this::left, "say-goodbye");
        Runtime.getRuntime().addShutdownHook(hook);
        try {
            return result(end());
        } finally {
            forget(hook);
        }
    }

    /** Waits for the end without a word about the result. */
    JsonNode end() throws InterruptedException {
        try (StatusLine _ = json ? status : status.start()) {
            long pause = SHORTEST_PAUSE_MILLIS;
            long lostAt = 0;
            while (true) {
                try {
                    JsonNode ended = stream();
                    if (ended != null) {
                        return ended;
                    }
                    pause = SHORTEST_PAUSE_MILLIS;
                } catch (UnreachableException | RefusedException e) {
                    if (e instanceof RefusedException refused && !refused.isPassing()) {
                        throw e;
                    }
                    lostAt = lost ? lostAt : System.nanoTime();
                    if (System.nanoTime() - lostAt > PATIENCE.toNanos()) {
                        throw e;
                    }
                    lose(e);
                }
                Thread.sleep(pause);
                pause = Math.min(2 * pause, LONGEST_PAUSE_MILLIS);
            }
        }
    }

    /** Follows one connection; null if it ended before the execution. */
    private @Nullable JsonNode stream() {
        Api server = api.get();
        Request request =
                Request.get(path + "/events").accept("text/event-stream").patience(SILENCE);
        if (!lastEventId.isEmpty()) {
            request = request.header("Last-Event-ID", lastEventId);
        }
        try (EventStream events = new EventStream(server.stream(request))) {
            found();
            for (JsonNode execution = events.next(); execution != null; execution = events.next()) {
                lastEventId = events.lastId();
                read(server);
                if (ENDED.contains(Json.text(execution, "status"))) {
                    return execution;
                }
            }
        } catch (IOException _) {
            // The connection broke; a new one is made.
        }
        // The end may have been announced on the connection that broke.
        JsonNode execution = server.get(path);
        read(server);
        return ENDED.contains(Json.text(execution, "status")) ? execution : null;
    }

    /** Takes what is new in the history. */
    private void read(Api server) {
        if (json) {
            return;
        }
        String next = page;
        do {
            page = next;
            JsonNode answer =
                    server.send(
                                    Request.get(path + "/history")
                                            .query("limit", "200")
                                            .query("after", page))
                            .body();
            answer.path("items").forEach(timeline::add);
            next = answer.path("next").asText(null);
        } while (next != null);
    }

    private String now() {
        return lost ? "waiting for the server" : timeline.now();
    }

    private void lose(RuntimeException reason) {
        if (!lost && !json) {
            status.print(
                    terminal.style()
                            .yellow(
                                    "  the server does not answer (%s); waiting for it"
                                            .formatted(Style.safe("" + reason.getMessage()))));
        }
        lost = true;
    }

    private void found() {
        if (lost && !json) {
            status.print(terminal.style().green("  the server is back"));
        }
        lost = false;
    }

    private int result(JsonNode execution) {
        if (json) {
            terminal.print(Json.pretty(execution));
        } else {
            print(execution);
        }
        return Json.text(execution, "status").equals("completed") ? Exit.OK : Exit.FAILED;
    }

    void print(JsonNode execution) {
        ExecutionText text = new ExecutionText(terminal);
        Style style = terminal.style();
        String ending = Json.text(execution, "status");
        String mark = ending.equals("completed") ? "✓" : ending.equals("faulted") ? "✗" : "■";
        terminal.print("");
        terminal.print(
                style.bold(style.status(ending, mark + " " + ending))
                        + " in "
                        + Times.between(
                                Json.text(execution, "startedAt"),
                                Json.text(execution, "endedAt")));
        if (execution.has("error")) {
            text.error(execution.path("error"));
        }
        if (execution.has("output")) {
            terminal.print(ExecutionText.text(execution.path("output")));
        }
    }

    /** This process was interrupted; the execution was not. */
    private void left() {
        status.close();
        String id = path.substring(path.lastIndexOf('/') + 1);
        terminal.note("it goes on; 'gantry get --follow %s' follows it again".formatted(id));
    }

    private static void forget(Thread hook) {
        try {
            Runtime.getRuntime().removeShutdownHook(hook);
        } catch (IllegalStateException _) {
            // It runs already.
        }
    }
}
