package dev.gantry.orchestrator.engine;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.NullNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import dev.gantry.orchestrator.definition.plan.ExpressionException;
import dev.gantry.orchestrator.definition.plan.Listening;
import dev.gantry.orchestrator.definition.plan.Task;
import dev.gantry.orchestrator.definition.plan.WorkflowError;
import dev.gantry.orchestrator.definition.plan.WorkflowError.Standard;
import dev.gantry.orchestrator.id.DefinitionRef;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Sends events, and takes those that a task waits for. */
final class Listens {
    private final Turn turn;
    private final ExecutionState state;

    Listens(Turn turn) {
        this.turn = turn;
        this.state = turn.state;
    }

    void emit(Frame frame, Task.Emit emit, Data data) throws ExpressionException {
        JsonNode given = emit.event().evaluate(frame.input, data);
        ObjectNode event = JsonNodeFactory.instance.objectNode();
        event.put("specversion", "1.0");
        // The same for every process that takes the decision, and for no other task.
        event.put("id", state.id + "-" + frame.id);
        event.put("source", source());
        event.put("time", turn.now.toString());
        String traceparent = state.started().traceparent();
        if (traceparent != null) {
            event.put(EventTrace.ATTRIBUTE, turn.circumstances.within(state.id, traceparent));
        }
        given.properties()
                .forEach(attribute -> event.set(attribute.getKey(), attribute.getValue()));
        String problem = problem(event);
        if (problem == null) {
            Chain.mark(event, state.started().chain());
            turn.emit(new Event.EventEmitted(frame.id, NewData.checked(event)));
        } else {
            turn.faults.raise(
                    frame, Standard.VALIDATION.at(frame.pointer(), "EVENT_INVALID", problem));
        }
    }

    private static @Nullable String problem(JsonNode event) {
        for (String name : List.of("id", "source", "type")) {
            JsonNode value = event.path(name);
            if (!value.isTextual() || value.textValue().isBlank()) {
                return "the event's '%s' is %s; a text is expected"
                        .formatted(name, value.isMissingNode() ? "missing" : value);
            }
        }
        String data = EventData.problem(event);
        return data == null ? null : "of the event, " + data;
    }

    private String source() {
        DefinitionRef ref = state.plan.ref();
        return "/%s/%s/%s".formatted(ref.namespace(), ref.name(), ref.version());
    }

    /** Whether the tasks for one event are to be run; otherwise it began, waits, or is complete. */
    boolean inRound(Task.Listen listen, Frame frame, Work.Sequence work) {
        try {
            Work.Listening listening = work.listening;
            if (listening == null) {
                turn.emit(new Event.ListenStarted(frame.id, expected(listen.to(), frame)));
                return false;
            }
            Task.Listen.Each each = listen.each();
            if (each == null) {
                if (listening.done) {
                    complete(frame, listen, listening.events);
                }
                return false;
            }
            int through = listening.outputs.size();
            if (work.round == through) {
                if (work.position < each.body().tasks().size()) {
                    return true;
                }
                processed(frame, each, work);
            } else if (through < listening.events.size()) {
                turn.emit(new Event.RoundStarted(frame.id, through));
            } else if (listening.done) {
                complete(frame, listen, listening.outputs);
            }
        } catch (ExpressionException e) {
            turn.faults.raise(frame, Flow.expressionError(frame.pointer(), e));
        }
        return false;
    }

    private void complete(Frame frame, Task.Listen listen, List<JsonNode> taken) {
        ArrayNode output = JsonNodeFactory.instance.arrayNode();
        output.addAll(taken);
        turn.flow.complete(frame, output, listen.common().then());
    }

    private void processed(Frame frame, Task.Listen.Each each, Work.Sequence work)
            throws ExpressionException {
        Data data = Data.of(state, frame).withRaw(work.value);
        var flow = each.flow();
        JsonNode output =
                NewData.checked(
                        flow.outputAs() == null
                                ? work.value
                                : flow.outputAs().evaluate(work.value, data));
        WorkflowError invalid =
                Flow.check(flow.outputSchema(), output, frame.pointer(), "the event's output");
        JsonNode context = null;
        if (invalid == null && flow.exportAs() != null) {
            context = NewData.checked(flow.exportAs().evaluate(output, data.withOutput(output)));
            invalid = Flow.check(flow.exportSchema(), context, frame.pointer(), "the context");
        }
        if (invalid == null) {
            turn.emit(new Event.EventProcessed(frame.id, output, context));
        } else {
            turn.faults.raise(frame, invalid);
        }
    }

    private Map<String, JsonNode> expected(Listening listening, Frame frame)
            throws ExpressionException {
        Map<String, JsonNode> expected = new TreeMap<>();
        Data data = Data.of(state, frame);
        for (int i = 0; i < listening.size(); i++) {
            for (var correlation : listening.filter(i).correlate().entrySet()) {
                if (correlation.getValue().expect() != null) {
                    expected.put(
                            i + "/" + correlation.getKey(),
                            NewData.checked(
                                    correlation.getValue().expect().evaluate(frame.input, data)));
                }
            }
        }
        return expected;
    }

    /** Offers an event to every task that listens. */
    void arrived(Message.EventArrived message) {
        if (state.status.isTerminal()) {
            return;
        }
        for (Frame frame : List.copyOf(state.frames.values())) {
            if (frame.task instanceof Task.Listen listen
                    && isOpen(frame)
                    && !state.hasConsumed(frame.pointer(), message.position())) {
                offer(frame, listen, message);
            }
        }
    }

    static boolean isOpen(Frame frame) {
        return frame.ending == null
                && frame.work instanceof Work.Sequence work
                && work.listening != null
                && !work.listening.done;
    }

    private void offer(Frame frame, Task.Listen listen, Message.EventArrived message) {
        Listening to = listen.to();
        Work.Listening listening =
                java.util.Objects.requireNonNull(frame.work(Work.Sequence.class).listening);
        Data data = Data.of(state, frame);
        JsonNode event = EventData.with(message.event());
        // What ends the listening first: it is not part of the output.
        for (int i = to.size() - 1; i >= 0; i--) {
            int filter = (i + to.filters().size()) % to.size();
            boolean ends = filter >= to.filters().size();
            boolean once = (ends ? requireUntil(to).mode() : to.mode()) == Listening.Mode.ALL;
            if (once && listening.matched.contains(filter)) {
                continue;
            }
            Map<String, JsonNode> correlated =
                    match(to.filter(filter), filter, event, listening, data);
            if (correlated != null) {
                take(frame, listen, filter, message, correlated);
                return;
            }
        }
    }

    private static Listening requireUntil(Listening to) {
        return java.util.Objects.requireNonNull(to.until());
    }

    /** The correlation values that the event adds; null if it does not fit. */
    private static @Nullable Map<String, JsonNode> match(
            Listening.Filter filter,
            int number,
            JsonNode event,
            Work.Listening listening,
            Data data) {
        if (!filter.fits(event, data)) {
            return null;
        }
        Map<String, JsonNode> correlated = new TreeMap<>();
        try {
            for (var entry : filter.correlate().entrySet()) {
                String name = entry.getKey();
                JsonNode value = NewData.checked(entry.getValue().from().evaluate(event, data));
                boolean given = entry.getValue().expect() != null;
                JsonNode expected = listening.expected.get(given ? number + "/" + name : name);
                if (value.isNull()) {
                    return null;
                }
                if (expected == null) {
                    correlated.put(name, value);
                } else if (!Correlations.text(expected).equals(Correlations.text(value))) {
                    return null;
                }
            }
        } catch (ExpressionException e) {
            return null;
        }
        return correlated;
    }

    private void take(
            Frame frame,
            Task.Listen listen,
            int filter,
            Message.EventArrived message,
            Map<String, JsonNode> correlated) {
        Listening to = listen.to();
        Work.Listening listening =
                java.util.Objects.requireNonNull(frame.work(Work.Sequence.class).listening);
        boolean ends = filter >= to.filters().size();
        JsonNode read = ends ? null : read(listen.read(), message.event());
        try {
            boolean done =
                    ends
                            ? isComplete(requireUntil(to), to.filters().size(), filter, listening)
                            : isDone(frame, to, filter, listening, read);
            turn.emit(
                    new Event.EventConsumed(
                            frame.id,
                            filter,
                            message.position(),
                            read == null ? null : NewData.checked(read),
                            correlated,
                            done,
                            EventTrace.of(message.event())));
        } catch (ExpressionException e) {
            turn.faults.raise(frame, Flow.expressionError(frame.pointer(), e));
        }
    }

    private boolean isDone(
            Frame frame,
            Listening to,
            int filter,
            Work.Listening listening,
            @Nullable JsonNode read)
            throws ExpressionException {
        if (to.untilTrue() != null) {
            ArrayNode all = JsonNodeFactory.instance.arrayNode();
            all.addAll(listening.events);
            all.add(read);
            return to.untilTrue().test(all, Data.of(state, frame));
        }
        return to.until() == null && isComplete(to, 0, filter, listening);
    }

    private static boolean isComplete(
            Listening to, int first, int filter, Work.Listening listening) {
        if (to.mode() != Listening.Mode.ALL) {
            return true;
        }
        for (int i = first; i < first + to.filters().size(); i++) {
            if (i != filter && !listening.matched.contains(i)) {
                return false;
            }
        }
        return true;
    }

    private static JsonNode read(Task.EventRead read, JsonNode event) {
        JsonNode data = event.path("data");
        return switch (read) {
            case ENVELOPE -> event;
            case DATA -> EventData.of(event);
            case RAW ->
                    event.has("data_base64")
                            ? event.get("data_base64")
                            : data.isTextual()
                                    ? data
                                    : data.isMissingNode()
                                            ? NullNode.getInstance()
                                            : TextNode.valueOf(data.toString());
        };
    }

    /** What the execution listens for now. */
    static List<ExecutionState.Listener> open(ExecutionState state) {
        List<ExecutionState.Listener> open = new ArrayList<>();
        for (Frame frame : state.frames.values()) {
            if (!(frame.task instanceof Task.Listen listen) || !isOpen(frame)) {
                continue;
            }
            Work.Listening listening =
                    java.util.Objects.requireNonNull(frame.work(Work.Sequence.class).listening);
            for (int i = 0; i < listen.to().size(); i++) {
                open.add(
                        new ExecutionState.Listener(
                                frame.id,
                                i,
                                frame.pointer(),
                                listen.to().filter(i).type(),
                                Correlations.expected(listen.to().filter(i), i, listening.expected),
                                listening.since));
            }
        }
        return open;
    }
}
