package dev.gantry.orchestrator.execution;

import com.fasterxml.jackson.databind.JsonNode;
import dev.gantry.orchestrator.definition.plan.Task;
import dev.gantry.orchestrator.definition.plan.WorkflowError;
import dev.gantry.orchestrator.definition.plan.WorkflowPlan;
import dev.gantry.orchestrator.engine.Event;
import dev.gantry.orchestrator.engine.ExecutionState;
import dev.gantry.orchestrator.engine.Journal;
import dev.gantry.orchestrator.engine.StepResult;
import dev.gantry.spi.Failure;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** An execution's steps and attempts, read from its journal. */
final class Timeline {
    private final Map<Integer, Line> lines = new TreeMap<>();
    private final ExecutionState state;

    private static final class Line {
        final Task task;
        final String iteration;
        JsonNode input;
        @Nullable JsonNode output;
        @Nullable String runtimeClass;
        String status = "scheduled";
        final List<StepView.AttemptView> attempts = new ArrayList<>();

        Line(Task task, String iteration, JsonNode input) {
            this.task = task;
            this.iteration = iteration;
            this.input = input;
        }
    }

    private Timeline(ExecutionState state) {
        this.state = state;
    }

    static List<StepView> of(Journal.Head head, WorkflowPlan plan, List<Journal.Entry> entries) {
        Timeline timeline = new Timeline(new ExecutionState(head.id(), plan));
        for (Journal.Entry entry : entries) {
            timeline.add(entry);
        }
        List<StepView> steps = new ArrayList<>();
        timeline.lines.forEach((step, line) ->
                steps.add(
                        new StepView(
                                step,
                                line.task.pointer(),
                                line.iteration,
                                workload(line.task),
                                line.runtimeClass,
                                line.status,
                                line.input,
                                line.output,
                                line.attempts)));
        return steps;
    }

    private void add(Journal.Entry entry) {
        for (Event event : entry.events()) {
            // Folded one by one: what an event refers to may be gone after the next.
            if (event instanceof Event.StepScheduled scheduled) {
                scheduled(scheduled, entry.at());
            }
            note(event, entry.at());
            state.applyOne(event, entry.at());
        }
    }

    private void scheduled(Event.StepScheduled e, Instant at) {
        Line line =
                lines.computeIfAbsent(
                        e.frame(),
                        frame -> {
                            ExecutionState.Entered entered = state.entered(frame);
                            return new Line(
                                    entered.task(),
                                    entered.iteration(),
                                    e.input() != null ? e.input() : entered.input());
                        });
        line.status = "scheduled";
        line.runtimeClass = e.runtimeClass() == null ? null : e.runtimeClass().label();
        line.attempts.add(
                new StepView.AttemptView(
                        e.attempt(),
                        e.adapter(),
                        "scheduled",
                        at,
                        null,
                        null,
                        null,
                        null,
                        null,
                        null));
    }

    private void note(Event event, Instant at) {
        switch (event) {
            case Event.StepProvisioned e -> {
                Line line = line(e.frame());
                line.status = "running";
                StepView.AttemptView last = line.attempts.getLast();
                replaceLast(line, "running", last, at, null, null);
            }
            case Event.StepEnded e -> ended(e, at);
            case Event.StepRetryScheduled e -> line(e.frame()).status = "backoff";
            case Event.StepUndecided e -> line(e.frame()).status = "undecided";
            case Event.StepCancelling e -> line(e.frame()).status = "cancelling";
            case Event.StepDecided e -> {
                Line line = line(e.frame());
                line.status = e.output() != null ? "succeeded" : "failed";
                line.output = e.output();
            }
            case Event.TaskFaulted e -> refused(e);
            default -> {}
        }
    }

    /** What ran to its end and is no success for its task: an exit code, an unfit output. */
    private void refused(Event.TaskFaulted e) {
        Line line = lines.get(e.frame());
        if (line != null && line.status.equals("succeeded")) {
            line.status = "failed";
            StepView.AttemptView last = line.attempts.getLast();
            WorkflowError error = e.error();
            line.attempts.set(
                    line.attempts.size() - 1,
                    new StepView.AttemptView(
                            last.attempt(),
                            last.adapter(),
                            "failed",
                            last.scheduledAt(),
                            last.startedAt(),
                            last.endedAt(),
                            error.code() != null ? error.code() : error.type(),
                            error.detail(),
                            Failure.Progress.ENDED.name(),
                            last.usage()));
        }
    }

    private void ended(Event.StepEnded e, Instant at) {
        Line line = line(e.frame());
        StepView.AttemptView last = line.attempts.getLast();
        switch (e.result()) {
            case StepResult.Succeeded succeeded -> {
                line.status = "succeeded";
                line.output = succeeded.output();
                replaceLast(line, "succeeded", last, last.startedAt(), at, succeeded);
            }
            case StepResult.Failed failed -> {
                line.status = "failed";
                replaceLast(line, "failed", last, last.startedAt(), at, failed);
            }
            case StepResult.Cancelled cancelled -> {
                line.status = "cancelled";
                replaceLast(line, "cancelled", last, last.startedAt(), at, cancelled);
            }
        }
    }

    private static void replaceLast(
            Line line,
            String status,
            StepView.AttemptView last,
            @Nullable Instant started,
            @Nullable Instant ended,
            @Nullable StepResult result) {
        StepResult.Failed failed = result instanceof StepResult.Failed it ? it : null;
        line.attempts.set(
                line.attempts.size() - 1,
                new StepView.AttemptView(
                        last.attempt(),
                        last.adapter(),
                        status,
                        last.scheduledAt(),
                        started,
                        ended,
                        failed == null ? null : failed.failure().code(),
                        failed == null ? null : failed.failure().message(),
                        failed == null ? null : failed.failure().progress().name(),
                        result == null ? null : result.usage()));
    }

    private Line line(int step) {
        Line line = lines.get(step);
        if (line == null) {
            throw new IllegalStateException(
                    "the journal ends a step %d that it never scheduled".formatted(step));
        }
        return line;
    }

    private static String workload(Task task) {
        return switch (task) {
            case Task.CallFunction call -> call.function().toString();
            case Task.CallHttp _ -> "http";
            case Task.CallOpenApi _ -> "openapi";
            case Task.CallGrpc _ -> "grpc";
            case Task.RunProcess run -> run.kind().name().toLowerCase(java.util.Locale.ROOT);
            default -> task.name();
        };
    }
}
