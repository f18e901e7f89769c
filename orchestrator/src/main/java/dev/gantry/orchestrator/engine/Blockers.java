package dev.gantry.orchestrator.engine;

import com.fasterxml.jackson.databind.JsonNode;
import dev.gantry.orchestrator.definition.plan.Listening;
import dev.gantry.orchestrator.definition.plan.Task;
import dev.gantry.orchestrator.engine.ExecutionState.CurrentTask;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Says, for people, what exactly a task waits for. */
final class Blockers {
    private static final int SHOWN = 120;

    private Blockers() {}

    /** Null for what has tasks of its own below it, or is about to go on. */
    static @Nullable CurrentTask current(ExecutionState state, Frame frame) {
        return switch (frame.work) {
            case Work.Step step ->
                    new CurrentTask(
                            frame.pointer(),
                            frame.iteration,
                            step.status.label(),
                            blocker(state, frame, step),
                            frame.id,
                            ExecutionState.isActiveStep(frame) ? step.adapter : null);
            case Work.Pause pause -> waiting(frame, time(state, frame, "the time ", pause.until));
            case Work.Child child ->
                    new CurrentTask(
                            frame.pointer(),
                            frame.iteration,
                            "running",
                            "execution " + child.child,
                            null,
                            null);
            case Work.Sequence sequence when sequence.retryAt != null ->
                    waiting(frame, time(state, frame, "the retry at ", sequence.retryAt));
            case Work.Sequence sequence when Listens.isOpen(frame) ->
                    waiting(
                            frame,
                            event(
                                    ((Task.Listen) frame.requireTask()).to(),
                                    frame,
                                    Objects.requireNonNull(sequence.listening),
                                    state.timeoutAround(frame)));
            case Work.Sequence _, Work.Branches _, Work.Simple _ -> null;
        };
    }

    private static CurrentTask waiting(Frame frame, String what) {
        return new CurrentTask(frame.pointer(), frame.iteration, "waiting", what, null, null);
    }

    private static @Nullable String blocker(ExecutionState state, Frame frame, Work.Step step) {
        return switch (step.status) {
            case BACKOFF ->
                    time(
                            state,
                            frame,
                            "the next attempt at ",
                            Objects.requireNonNull(step.retryAt));
            case UNDECIDED -> "a decision: it may have taken effect";
            case CANCELLING -> "adapter " + step.adapter + " to confirm that it is dead";
            case SCHEDULED -> step.heldBy != null ? step.heldBy : "adapter " + step.adapter;
            case RUNNING, SUCCEEDED, FAILED, CANCELLED -> null;
        };
    }

    /** What comes first: the time itself, or an end that is put to the task before. */
    private static String time(ExecutionState state, Frame frame, String what, Instant at) {
        Instant deadline = state.started().deadline();
        Instant timeout = state.timeoutAround(frame);
        if (timeout != null && timeout.isBefore(deadline) && timeout.isBefore(at)) {
            return "%s%s, but a timeout ends it at %s".formatted(what, at, timeout);
        }
        return deadline.isBefore(at)
                ? "%s%s, but the execution's maximum duration ends it at %s"
                        .formatted(what, at, deadline)
                : what + at;
    }

    private static String event(
            Listening to, Frame frame, Work.Listening listening, @Nullable Instant timeout) {
        JsonNode written = frame.requireTask().common().definition().path("listen").path("to");
        List<String> filters = new ArrayList<>();
        for (int i = 0; i < to.filters().size(); i++) {
            if (to.mode() != Listening.Mode.ALL || !listening.matched.contains(i)) {
                filters.add(filter(to.filter(i), written(written, i), i, listening.expected));
            }
        }
        String what = "an event" + String.join(", or one", filters);
        if (to.mode() == Listening.Mode.ALL && filters.size() > 1) {
            what = "%d events: one%s".formatted(filters.size(), String.join(", and one", filters));
        }
        return timeout == null ? what : what + ", until " + timeout;
    }

    private static JsonNode written(JsonNode to, int number) {
        JsonNode one = to.path("one");
        if (!one.isMissingNode()) {
            return one.path("with");
        }
        return (to.has("all") ? to.path("all") : to.path("any")).path(number).path("with");
    }

    private static String filter(
            Listening.Filter filter, JsonNode with, int number, Map<String, JsonNode> expected) {
        List<String> conditions = new ArrayList<>();
        if (filter.type() != null) {
            conditions.add("type " + filter.type());
        }
        with.properties()
                .forEach(attribute -> {
                    if (filter.type() == null || !attribute.getKey().equals("type")) {
                        conditions.add(attribute.getKey() + " " + text(attribute.getValue()));
                    }
                });
        filter.correlate().keySet().stream()
                .sorted()
                .forEach(name -> {
                    JsonNode given = expected.get(number + "/" + name);
                    JsonNode value = given != null ? given : expected.get(name);
                    if (value != null) {
                        conditions.add(name + " " + text(value));
                    }
                });
        return conditions.isEmpty() ? "" : " with " + String.join(", ", conditions);
    }

    private static String text(JsonNode value) {
        String text = value.isTextual() ? value.textValue() : value.toString();
        return text.length() <= SHOWN ? text : text.substring(0, SHOWN - 1) + "…";
    }
}
