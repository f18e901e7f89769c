package dev.gantry.orchestrator.engine;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.gantry.orchestrator.definition.plan.WorkflowError;
import dev.gantry.orchestrator.definition.plan.WorkflowPlan;
import dev.gantry.orchestrator.id.DefinitionRef;
import dev.gantry.orchestrator.id.ExecutionId;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * The CloudEvents by which the language tells what becomes of a workflow and its tasks, read from
 * the journal: the same events with the same ids, however often it is read. Source: the reference,
 * Lifecycle Events.
 */
public final class Lifecycle {
    static final String PREFIX = "io.serverlessworkflow.";

    private final ExecutionState state;
    private final DefinitionRef definition;

    /** Frames in which an error arose, with it. */
    private final Map<Integer, WorkflowError> faulted = new HashMap<>();

    private int seq;
    private int number;

    public Lifecycle(ExecutionId id, DefinitionRef definition, WorkflowPlan plan) {
        this.state = new ExecutionState(id, plan);
        this.definition = definition;
    }

    /** Folds an entry in, and tells what it means. Entries come in order, from the first. */
    public List<JsonNode> read(Journal.Entry entry) {
        List<JsonNode> told = new ArrayList<>();
        seq = entry.seq();
        number = 0;
        for (Event event : entry.events()) {
            read(event, entry.at(), told);
        }
        state.entryDone();
        return told;
    }

    private void read(Event event, Instant at, List<JsonNode> told) {
        Map<Integer, Frame> before = new TreeMap<>(state.frames);
        state.apply(event, at);
        int chain = state.started().chain();
        JsonNode whole = ofWorkflow(state.id, definition, event, at, seq, number, chain);
        boolean isOver = state.status.isTerminal();
        if (whole != null && !isOver) {
            told.add(whole);
        }
        number++;
        switch (event) {
            case Event.TaskEntered e -> {
                told.add(task("created", "createdAt", state.frame(e.frame()), at, null));
                told.add(task("started", "startedAt", state.frame(e.frame()), at, null));
            }
            case Event.TaskFaulted e -> {
                faulted.put(e.frame(), e.error());
                told.add(task("faulted", "faultedAt", state.frame(e.frame()), at, e.error()));
            }
            case Event.StepScheduled e when e.attempt() > 1 ->
                    told.add(task("retried", "retriedAt", state.frame(e.frame()), at, null));
            case Event.TryRestarted e ->
                    told.add(task("retried", "retriedAt", state.frame(e.frame()), at, null));
            case Event.ExecutionSuspended _ -> each("suspended", "suspendedAt", at, told);
            case Event.ExecutionResumed _ -> each("resumed", "resumedAt", at, told);
            default -> {}
        }
        gone(event, before, at, told);
        if (whole != null && isOver) {
            told.add(whole);
        }
    }

    private void each(String what, String when, Instant at, List<JsonNode> told) {
        for (Frame frame : state.frames.values()) {
            if (frame.task != null) {
                told.add(task(what, when, frame, at, null));
            }
        }
    }

    /** Tasks that are no longer there: complete, or failed by what failed below, or cancelled. */
    private void gone(Event event, Map<Integer, Frame> before, Instant at, List<JsonNode> told) {
        List<Frame> gone =
                before.values().stream()
                        .filter(frame -> frame.task != null && !state.frames.containsKey(frame.id))
                        .collect(Collectors.toCollection(ArrayList::new));
        // What is below is over before what is around it.
        for (Frame frame : gone.reversed()) {
            WorkflowError below = faulted.remove(frame.id);
            if (event instanceof Event.TaskCompleted done && done.frame() == frame.id) {
                told.add(task("completed", "completedAt", frame, at, null));
            } else if (below != null) {
                // It was told; what is around it fails with it, up to where it is caught.
                if (before.containsKey(frame.parent) && !state.frames.containsKey(frame.parent)) {
                    if (faulted.putIfAbsent(frame.parent, below) == null
                            && frame.parent != Frame.ROOT) {
                        Frame around = before.get(frame.parent);
                        told.add(task("faulted", "faultedAt", around, at, below));
                    }
                }
            } else if (event instanceof Event.ExecutionCompleted) {
                told.add(task("completed", "completedAt", frame, at, null));
            } else {
                told.add(task("cancelled", "cancelledAt", frame, at, null));
            }
        }
    }

    private JsonNode task(
            String what, String when, Frame frame, Instant at, @Nullable WorkflowError error) {
        ObjectNode data = JsonNodeFactory.instance.objectNode();
        data.put("workflow", name(state.id, definition));
        data.put("task", frame.pointer());
        data.put(when, at.toString());
        if (error != null) {
            data.set("error", Data.json(error));
        }
        return event(
                state.id,
                "task." + what,
                "%d-%d-%s-%d".formatted(seq, number, what, frame.id),
                at,
                data,
                state.started().chain());
    }

    /**
     * What an event means for the execution as a whole; null for nothing.
     *
     * @param seq of the entry
     * @param number of the event in it
     * @param chain of the execution
     */
    public static @Nullable JsonNode ofWorkflow(
            ExecutionId id,
            DefinitionRef definition,
            Event event,
            Instant at,
            int seq,
            int number,
            int chain) {
        String what = word(event);
        JsonNode body = data(id, definition, event, at);
        return what == null || body == null
                ? null
                : event(id, "workflow." + what, "%d-%d".formatted(seq, number), at, body, chain);
    }

    private static @Nullable JsonNode data(
            ExecutionId id, DefinitionRef definition, Event event, Instant at) {
        return switch (event) {
            case Event.ExecutionStarted _ -> {
                ObjectNode body = body(id, definition, "startedAt", at);
                body.putObject("definition")
                        .put("name", definition.name())
                        .put("namespace", definition.namespace())
                        .put("version", definition.version());
                yield body;
            }
            case Event.ListenStarted _ -> body(id, definition, "startedAt", at);
            case Event.ExecutionSuspended _ -> body(id, definition, "suspendedAt", at);
            case Event.ExecutionResumed _, Event.ExecutionRetried _ ->
                    body(id, definition, "resumedAt", at);
            case Event.EventConsumed consumed when consumed.done() -> {
                ObjectNode body = body(id, definition, "completedAt", at);
                if (!consumed.correlated().isEmpty()) {
                    ObjectNode keys = body.putObject("correlationKeys");
                    consumed.correlated().forEach(keys::set);
                }
                yield body;
            }
            case Event.ExecutionCancelled _ -> body(id, definition, "cancelledAt", at);
            case Event.ExecutionFaulted faulted -> {
                ObjectNode body = body(id, definition, "faultedAt", at);
                body.set("error", Data.json(faulted.error()));
                yield body;
            }
            case Event.ExecutionCompleted _ ->
                    body(id, definition, "completedAt", at)
                            .put("outputUri", "/v1/executions/" + id);
            default -> null;
        };
    }

    private static @Nullable String word(Event event) {
        return switch (event) {
            case Event.ExecutionStarted _ -> "started";
            case Event.ExecutionSuspended _ -> "suspended";
            case Event.ExecutionResumed _, Event.ExecutionRetried _ -> "resumed";
            case Event.ListenStarted _ -> "correlation-started";
            case Event.EventConsumed consumed when consumed.done() -> "correlation-completed";
            case Event.ExecutionCancelled _ -> "cancelled";
            case Event.ExecutionFaulted _ -> "faulted";
            case Event.ExecutionCompleted _ -> "completed";
            default -> null;
        };
    }

    private static ObjectNode body(
            ExecutionId id, DefinitionRef definition, String when, Instant at) {
        return JsonNodeFactory.instance
                .objectNode()
                .put("name", name(id, definition))
                .put(when, at.toString());
    }

    private static JsonNode event(
            ExecutionId id, String type, String number, Instant at, JsonNode data, int chain) {
        ObjectNode event = JsonNodeFactory.instance.objectNode();
        event.put("specversion", "1.0");
        event.put("id", id + "-" + number);
        event.put("source", "/v1/executions/" + id);
        event.put("subject", id.toString());
        event.put("type", PREFIX + type + ".v1");
        event.put("time", at.toString());
        event.put("datacontenttype", "application/json");
        Chain.mark(event, chain);
        event.set("data", data);
        return event;
    }

    /** The language's qualified name: name, execution, namespace. */
    private static String name(ExecutionId id, DefinitionRef definition) {
        return "%s-%s.%s".formatted(definition.name(), id, definition.namespace());
    }
}
