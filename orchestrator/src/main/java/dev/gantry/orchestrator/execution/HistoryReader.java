package dev.gantry.orchestrator.execution;

import com.fasterxml.jackson.databind.JsonNode;
import dev.gantry.orchestrator.definition.plan.WorkflowPlan;
import dev.gantry.orchestrator.engine.Event;
import dev.gantry.orchestrator.engine.ExecutionState;
import dev.gantry.orchestrator.engine.Journal;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Puts the names of tasks to the frame numbers of events. */
final class HistoryReader {
    private final ExecutionState state;
    private final Map<Integer, String> pointers = new HashMap<>();

    HistoryReader(Journal.Head head, WorkflowPlan plan) {
        this.state = new ExecutionState(head.id(), plan);
    }

    void skip(Journal.Entry entry) {
        for (Event event : entry.events()) {
            fold(event, entry.at());
        }
    }

    void skip(Event event, Instant at) {
        fold(event, at);
    }

    HistoryEvent read(long sequence, Instant at, Event event) {
        fold(event, at);
        JsonNode data = EventJson.of(event);
        return new HistoryEvent(sequence, at, event.getClass().getSimpleName(), task(data), data);
    }

    private void fold(Event event, Instant at) {
        state.applyOne(event, at);
        if (event instanceof Event.TaskEntered entered) {
            pointers.put(entered.frame(), state.pointer(entered.frame()));
        }
    }

    private @Nullable String task(JsonNode data) {
        JsonNode frame = data.has("frame") ? data.get("frame") : data.get("step");
        return frame == null ? null : pointers.get(frame.asInt());
    }
}
