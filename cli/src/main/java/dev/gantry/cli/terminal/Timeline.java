package dev.gantry.cli.terminal;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Tells an execution's history as it goes on, one line for each thing worth telling. */
public final class Timeline {
    private static final int NAME_COLUMNS = 20;

    private final Style style;
    private final Consumer<String> lines;
    private final Map<Integer, Task> tasks = new TreeMap<>();
    private final Map<Integer, Task> running = new LinkedHashMap<>();
    private @Nullable Instant began;
    private Instant latest = Instant.EPOCH;
    private long seen;

    /** A task in progress; the history calls it a frame. */
    private static final class Task {
        final String name;
        final int depth;
        final Instant entered;
        boolean hasChildren;
        boolean told;
        boolean failureTold;
        int attempt;
        String where = "";
        Instant since;

        Task(String name, int depth, Instant entered) {
            this.name = name;
            this.depth = depth;
            this.entered = entered;
            this.since = entered;
        }
    }

    public Timeline(Style style, Consumer<String> lines) {
        this.style = style;
        this.lines = lines;
    }

    /** Takes an event of the history; one that was taken before is ignored. */
    public synchronized void add(JsonNode event) {
        long sequence = event.path("sequence").asLong();
        Instant at = Times.parse(event.path("at").asText());
        if (sequence <= seen || at == null) {
            return;
        }
        seen = sequence;
        latest = at;
        if (began == null) {
            began = at;
        }
        tell(event.path("type").asText(), event.path("data"), event.path("task").asText(""), at);
    }

    private void tell(String type, JsonNode data, String pointer, Instant at) {
        switch (type) {
            case "ExecutionStarted" -> line(at, 0, style.cyan("●"), "", "started");
            case "TaskEntered" -> entered(data, pointer, at);
            case "TaskCompleted" -> completed(data, at);
            case "StepScheduled", "StepEnded", "StepRetryScheduled" ->
                    step(type, data, task(data, pointer, at), at);
            case "StepUndecided" -> undecided(data, task(data, pointer, at), at);
            case "StepDecided" ->
                    line(
                            at,
                            task(data, pointer, at),
                            style.cyan("▸"),
                            text(data, "verdict") + by(data));
            case "StepHeld" -> held(data, task(data, pointer, at), at);
            case "StepCancelling" ->
                    line(at, task(data, pointer, at), style.yellow("■"), "stopping");
            case "StepReleaseFailed" ->
                    line(
                            at,
                            task(data, pointer, at),
                            style.yellow("!"),
                            "not removed from its backend (%s); see: leases"
                                    .formatted(text(data, "code")));
            case "WaitStarted" -> waits(data, task(data, pointer, at), at);
            case "ListenStarted" -> listens(data, task(data, pointer, at), at);
            case "EventConsumed" -> heard(data, task(data, pointer, at), at);
            case "EventEmitted" ->
                    line(
                            at,
                            task(data, pointer, at),
                            style.cyan("✉"),
                            "sent " + text(data.path("event"), "type"));
            case "CompensationStarted" -> undoes(data, at);
            case "CompensationEnded" -> undone(data, task(data, pointer, at), at);
            case "WaitEnded" -> done(task(data, pointer, at), at, "waited");
            case "TaskFaulted" -> faulted(data, pointer, at);
            case "ErrorCaught" ->
                    line(
                            at,
                            task(data, pointer, at),
                            style.yellow("↳"),
                            "caught " + error(data.path("error")));
            case "TryRetryScheduled" ->
                    line(
                            at,
                            task(data, pointer, at),
                            style.yellow("↻"),
                            "again %s after %s"
                                    .formatted(
                                            in(data.path("at").asText(), at),
                                            error(data.path("error"))));
            case "ChildStarted" -> child(data, task(data, pointer, at), at);
            case "ChildEnded" -> childEnded(data, task(data, pointer, at), at);
            default -> execution(type, data, at);
        }
    }

    private void held(JsonNode data, Task task, Instant at) {
        String what =
                data.path("since").isTextual() ? "waits for " + text(data, "reason") : "goes on";
        line(at, task, style.yellow("…"), what);
    }

    private void execution(String type, JsonNode data, Instant at) {
        switch (type) {
            case "ExecutionSuspended" -> line(at, 0, style.yellow("‖"), "", "suspended" + by(data));
            case "ExecutionResumed" -> line(at, 0, style.cyan("●"), "", "resumed" + by(data));
            case "ExecutionRetried" -> line(at, 0, style.cyan("●"), "", "retried" + by(data));
            case "CancelRequested" ->
                    line(at, 0, style.yellow("■"), "", "cancel requested" + by(data));
            case "ExecutionCompleted", "ExecutionFaulted", "ExecutionCancelled" -> running.clear();
            default -> {}
        }
    }

    private void entered(JsonNode data, String pointer, Instant at) {
        Task parent = tasks.get(data.path("parent").asInt());
        if (parent != null) {
            openUp(parent);
        }
        String iteration = text(data, "iteration");
        String name = name(pointer) + (iteration.isEmpty() ? "" : "[" + iteration + "]");
        int depth = parent == null ? 0 : parent.depth + 1;
        tasks.put(data.path("frame").asInt(), new Task(name, depth, at));
    }

    /** A task with others below it gets its line when the first of them begins. */
    private void openUp(Task parent) {
        if (!parent.hasChildren && !parent.told) {
            line(parent.entered, parent.depth, style.dim("▾"), style.dim(parent.name), "");
        }
        parent.hasChildren = true;
    }

    /** Tasks that take no time of their own are told too, quietly: they show the way it went. */
    private void completed(JsonNode data, Instant at) {
        int frame = data.path("frame").asInt();
        Task task = tasks.get(frame);
        running.remove(frame);
        if (task != null && !task.told && !task.hasChildren) {
            line(at, task.depth, style.dim("·"), style.dim(task.name), "");
        }
    }

    /** A step has told its failure already. */
    private void faulted(JsonNode data, String pointer, Instant at) {
        Task known = tasks.get(data.path("frame").asInt());
        if (known == null || !known.failureTold) {
            line(at, task(data, pointer, at), style.red("✗"), error(data.path("error")));
        }
    }

    private void step(String type, JsonNode data, Task task, Instant at) {
        int frame = data.path("frame").asInt();
        int attempt = data.path("attempt").asInt();
        switch (type) {
            case "StepScheduled" -> {
                task.attempt = attempt;
                task.where = where(data);
                task.since = at;
                running.put(frame, task);
                line(
                        at,
                        task,
                        style.cyan("▸"),
                        task.where + (attempt > 1 ? ", attempt " + attempt : ""));
            }
            case "StepRetryScheduled" ->
                    line(at, task, style.yellow("↻"), "again " + in(data.path("at").asText(), at));
            default -> {
                running.remove(frame);
                ended(data.path("result"), task, at);
            }
        }
    }

    private void ended(JsonNode result, Task task, Instant at) {
        switch (result.path("type").asText()) {
            case "Succeeded" -> {
                int code = processCode(result.path("output"));
                if (code == 0) {
                    done(task, at, "");
                } else {
                    String ending = "ended with code %d after %s".formatted(code, since(task, at));
                    line(at, task, style.yellow("▪"), ending);
                }
            }
            case "Cancelled" ->
                    line(at, task, style.yellow("■"), "cancelled after " + since(task, at));
            default -> {
                task.failureTold = true;
                JsonNode failure = result.path("failure");
                line(
                        at,
                        task,
                        style.red("✗"),
                        "%s%s: %s"
                                .formatted(
                                        task.attempt > 1 ? "attempt " + task.attempt + ", " : "",
                                        text(failure, "code"),
                                        text(failure, "message")));
            }
        }
    }

    /** A process that ended; whether its code is an error is for the workflow to say. */
    private static int processCode(JsonNode output) {
        boolean isProcess = output.has("stdout") && output.has("stderr");
        return isProcess ? output.path("code").asInt() : 0;
    }

    private void done(Task task, Instant at, String how) {
        line(at, task, style.green("✓"), (how.isEmpty() ? "" : how + " ") + since(task, at));
    }

    private void undecided(JsonNode data, Task task, Instant at) {
        line(
                at,
                task,
                style.yellow("?"),
                "may have taken effect, so it waits for a decision: decide ID %d rerun|accept|fail"
                        .formatted(data.path("frame").asInt()));
    }

    private void waits(JsonNode data, Task task, Instant at) {
        task.where = "waiting";
        task.since = at;
        running.put(data.path("frame").asInt(), task);
        Instant until = Times.parse(data.path("until").asText());
        line(
                at,
                task,
                style.cyan("▸"),
                until == null ? "waits" : "waits " + Times.duration(Duration.between(at, until)));
    }

    private void listens(JsonNode data, Task task, Instant at) {
        task.where = "waiting";
        task.since = at;
        running.put(data.path("frame").asInt(), task);
        line(at, task, style.cyan("▸"), "waits for an event");
    }

    private void heard(JsonNode data, Task task, Instant at) {
        if (data.path("done").asBoolean()) {
            running.remove(data.path("frame").asInt());
        }
        line(at, task, style.cyan("✉"), "heard an event after " + since(task, at));
    }

    private void undoes(JsonNode data, Instant at) {
        Task of = tasks.get(data.path("of").asInt());
        Task parent = tasks.get(data.path("parent").asInt());
        String name = of == null ? "" : of.name;
        int depth = parent == null ? 0 : parent.depth + 1;
        Task undo = new Task(name, depth, at);
        undo.told = true;
        tasks.put(data.path("frame").asInt(), undo);
        line(at, undo, style.yellow("↶"), "undoing");
    }

    private void undone(JsonNode data, Task task, Instant at) {
        if (data.has("error")) {
            line(at, task, style.red("✗"), "not undone: " + error(data.path("error")));
        } else {
            line(at, task, style.green("↶"), "undone");
        }
    }

    private void child(JsonNode data, Task task, Instant at) {
        task.where = "execution";
        task.since = at;
        running.put(data.path("frame").asInt(), task);
        line(at, task, style.cyan("▸"), "execution " + text(data, "child"));
    }

    private void childEnded(JsonNode data, Task task, Instant at) {
        running.remove(data.path("frame").asInt());
        String status = text(data, "status").toLowerCase(Locale.ROOT);
        if (status.equals("completed")) {
            done(task, at, "");
        } else {
            line(at, task, style.red("✗"), status + " " + error(data.path("error")));
        }
    }

    /** What runs now, for a line that changes. */
    public synchronized String now() {
        StringBuilder text = new StringBuilder();
        Instant now = Instant.now();
        for (Task task : running.values()) {
            text.append(text.isEmpty() ? "" : " · ")
                    .append(task.name)
                    .append(' ')
                    .append(Times.duration(Duration.between(task.since, now)));
        }
        return text.toString();
    }

    /** How long it has gone on so far. */
    public synchronized Duration soFar() {
        return began == null ? Duration.ZERO : Duration.between(began, latest);
    }

    private Task task(JsonNode data, String pointer, Instant at) {
        int frame = data.path(data.has("frame") ? "frame" : "step").asInt();
        Task task = tasks.computeIfAbsent(frame, _ -> new Task(name(pointer), 0, at));
        task.told = true;
        return task;
    }

    private void line(Instant at, Task task, String mark, String text) {
        line(at, task.depth, mark, task.name, text);
    }

    private void line(Instant at, int depth, String mark, String name, String text) {
        Duration offset = Duration.between(began == null ? at : began, at);
        String clock = String.format(Locale.ROOT, "%8.2fs", offset.toMillis() / 1000.0);
        StringBuilder line =
                new StringBuilder(style.dim(clock))
                        .append("  ")
                        .append("  ".repeat(depth))
                        .append(mark)
                        .append(' ');
        String safe = name.startsWith("\u001b") ? name : Style.safe(name);
        line.append(safe);
        if (!text.isEmpty() && !name.isEmpty()) {
            int missing = NAME_COLUMNS - Style.width(safe) - 2 * depth;
            line.append(" ".repeat(Math.max(2, missing)));
        }
        lines.accept(line.append(Style.safe(text)).toString());
    }

    private static String where(JsonNode scheduled) {
        String runtime = text(scheduled, "runtimeClass").toLowerCase(Locale.ROOT);
        String adapter = text(scheduled, "adapter");
        return runtime.isEmpty() ? adapter : runtime + " on " + adapter;
    }

    private static String since(Task task, Instant at) {
        return Times.duration(Duration.between(task.since, at));
    }

    private static String in(String when, Instant at) {
        Instant then = Times.parse(when);
        if (then == null || !then.isAfter(at)) {
            return "at once";
        }
        return "in " + Times.duration(Duration.between(at, then));
    }

    private static String by(JsonNode data) {
        String by = text(data, "by");
        String reason = text(data, "reason");
        return (by.isEmpty() ? "" : " by " + by) + (reason.isEmpty() ? "" : ": " + reason);
    }

    private static String error(JsonNode error) {
        return ErrorText.brief(error);
    }

    private static String text(JsonNode node, String field) {
        return node.path(field).asText("");
    }

    private static String name(String pointer) {
        return ErrorText.taskName(pointer);
    }
}
