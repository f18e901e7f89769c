package dev.gantry.orchestrator.execution;

import com.fasterxml.jackson.databind.JsonNode;
import dev.gantry.orchestrator.definition.plan.Task;
import dev.gantry.orchestrator.definition.plan.WorkflowError;
import dev.gantry.orchestrator.definition.plan.WorkflowPlan;
import dev.gantry.orchestrator.engine.Aside;
import dev.gantry.orchestrator.engine.Event;
import dev.gantry.orchestrator.engine.Journal;
import dev.gantry.orchestrator.engine.StepResult;
import dev.gantry.spi.Failure;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.SequencedMap;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.IntPredicate;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Steps with their attempts, from the entries that are about them. */
final class StepViews {
    private final WorkflowPlan plan;
    private final IntPredicate wanted;
    private final SequencedMap<Integer, Line> lines = new TreeMap<>();
    private final Map<Integer, Journal.Entry> read = new HashMap<>();

    private static final class Line {
        final Task task;
        final Aside.Begun begun;
        @Nullable JsonNode output;
        @Nullable String runtimeClass;
        String status = "scheduled";
        final List<StepView.AttemptView> attempts = new ArrayList<>();

        Line(Task task, Aside.Begun begun) {
            this.task = task;
            this.begun = begun;
        }
    }

    /**
     * @param wanted which steps are
     */
    StepViews(WorkflowPlan plan, IntPredicate wanted) {
        this.plan = plan;
        this.wanted = wanted;
    }

    /** In order; all that are about the steps that are wanted, and others. */
    void add(Collection<Journal.Entry> entries) {
        for (Journal.Entry entry : entries) {
            read.put(entry.seq(), entry);
            for (Event event : entry.events()) {
                if (event.frame() != 0 && wanted.test(event.frame())) {
                    add(event, entry);
                }
            }
        }
    }

    /** Leaves out all but the first ones. */
    void keep(int most) {
        while (lines.size() > most) {
            lines.pollLastEntry();
        }
    }

    /** The entries that hold inputs of steps and are not among those that were added. */
    Set<Integer> missing() {
        return lines.values().stream()
                .map(line -> line.begun.input().entry())
                .filter(entry -> !read.containsKey(entry))
                .collect(Collectors.toCollection(TreeSet::new));
    }

    /**
     * @param inputs the entries that were missing
     */
    List<StepView> views(List<Journal.Entry> inputs) {
        inputs.forEach(entry -> read.put(entry.seq(), entry));
        List<StepView> steps = new ArrayList<>();
        lines.forEach((step, line) ->
                steps.add(
                        new StepView(
                                step,
                                line.task.pointer(),
                                line.begun.iteration(),
                                workload(line.task),
                                line.runtimeClass,
                                line.status,
                                line.begun
                                        .input()
                                        .in(
                                                Objects.requireNonNull(
                                                        read.get(line.begun.input().entry()))),
                                line.output,
                                line.attempts)));
        return steps;
    }

    private void add(Event event, Journal.Entry entry) {
        Instant at = entry.at();
        if (event instanceof Event.StepScheduled scheduled) {
            scheduled(scheduled, entry);
            return;
        }
        Line line = lines.get(event.frame());
        if (line == null) {
            // Of a task that is no step, or that does not get that far.
            return;
        }
        switch (event) {
            case Event.StepProvisioned _ -> {
                line.status = "running";
                replaceLast(line, "running", at, null, null);
            }
            case Event.StepEnded e -> ended(line, e.result(), at);
            case Event.StepRetryScheduled _ -> line.status = "backoff";
            case Event.StepUndecided _ -> line.status = "undecided";
            case Event.StepCancelling _ -> line.status = "cancelling";
            case Event.StepDecided e -> {
                line.status = e.output() != null ? "succeeded" : "failed";
                line.output = e.output();
            }
            case Event.TaskFaulted e when line.status.equals("succeeded") ->
                    refused(line, e.error());
            default -> {}
        }
    }

    private void scheduled(Event.StepScheduled e, Journal.Entry entry) {
        Line line =
                lines.computeIfAbsent(
                        e.frame(),
                        step ->
                                new Line(
                                        plan.task(
                                                Objects.requireNonNull(
                                                        entry.aside().pointers().get(step))),
                                        Objects.requireNonNull(entry.aside().begun().get(step))));
        line.status = "scheduled";
        line.runtimeClass = e.runtimeClass() == null ? null : e.runtimeClass().label();
        line.attempts.add(
                new StepView.AttemptView(
                        e.attempt(),
                        e.adapter(),
                        "scheduled",
                        entry.at(),
                        null,
                        null,
                        null,
                        null,
                        null,
                        null));
    }

    /** What ran to its end and is no success for its task: an exit code, an unfit output. */
    private static void refused(Line line, WorkflowError error) {
        line.status = "failed";
        StepView.AttemptView last = line.attempts.getLast();
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

    private static void ended(Line line, StepResult result, Instant at) {
        switch (result) {
            case StepResult.Succeeded succeeded -> {
                line.status = "succeeded";
                line.output = succeeded.output();
            }
            case StepResult.Failed _ -> line.status = "failed";
            case StepResult.Cancelled _ -> line.status = "cancelled";
        }
        replaceLast(line, line.status, line.attempts.getLast().startedAt(), at, result);
    }

    private static void replaceLast(
            Line line,
            String status,
            @Nullable Instant started,
            @Nullable Instant ended,
            @Nullable StepResult result) {
        StepView.AttemptView last = line.attempts.getLast();
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

    private static String workload(Task task) {
        return switch (task) {
            case Task.CallFunction call -> call.function().toString();
            case Task.CallHttp _ -> "http";
            case Task.CallOpenApi _ -> "openapi";
            case Task.CallGrpc _ -> "grpc";
            case Task.RunProcess run -> run.kind().name().toLowerCase(Locale.ROOT);
            default -> task.name();
        };
    }
}
