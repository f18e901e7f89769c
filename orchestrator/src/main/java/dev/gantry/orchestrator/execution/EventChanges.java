package dev.gantry.orchestrator.execution;

import com.fasterxml.jackson.databind.JsonNode;
import dev.gantry.orchestrator.engine.Event;
import dev.gantry.orchestrator.engine.ExecutionState;
import dev.gantry.orchestrator.engine.Journal;
import dev.gantry.orchestrator.engine.Lifecycle;
import dev.gantry.orchestrator.id.ExecutionId;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;

/** What a batch changes about events: what is sent, and who listens. */
final class EventChanges {
    final List<Journal.Opened> opened = new ArrayList<>();
    final List<Journal.StepRef> closed = new ArrayList<>();
    final List<Journal.Emitted> emitted = new ArrayList<>();

    /** What concerns some executions alone. */
    void add(EventChanges other, Predicate<ExecutionId> kept) {
        other.opened.stream().filter(one -> kept.test(one.head().id())).forEach(opened::add);
        other.closed.stream().filter(one -> kept.test(one.id())).forEach(closed::add);
        other.emitted.stream().filter(one -> kept.test(one.head().id())).forEach(emitted::add);
    }

    /**
     * @param lifecycle whether what becomes of the execution is told as well
     */
    void emitted(LiveExecution execution, Journal.Entry entry, boolean lifecycle) {
        Journal.Head head = execution.head;
        int number = 0;
        for (Event event : entry.events()) {
            if (event instanceof Event.EventEmitted e) {
                emitted.add(new Journal.Emitted(head, e.event()));
            }
            JsonNode told =
                    lifecycle
                            ? Lifecycle.ofWorkflow(
                                    head.id(),
                                    head.definition(),
                                    event,
                                    entry.at(),
                                    entry.seq(),
                                    number,
                                    execution.state.started().chain())
                            : null;
            if (told != null) {
                emitted.add(new Journal.Emitted(head, told));
            }
            number++;
        }
    }

    /**
     * Compares what the execution listens for with what is stored. Whatever ended a task's
     * listening, it is found here.
     */
    void listening(LiveExecution execution) {
        Set<Integer> stored = execution.listening;
        List<ExecutionState.Listener> open = execution.state.listeners();
        if (open.isEmpty() && stored.isEmpty()) {
            return;
        }
        Set<Integer> frames = new HashSet<>();
        for (ExecutionState.Listener listener : open) {
            frames.add(listener.frame());
            if (!stored.contains(listener.frame())) {
                opened.add(new Journal.Opened(execution.head, listener));
            }
        }
        for (Integer frame : stored) {
            if (!frames.contains(frame)) {
                closed.add(new Journal.StepRef(execution.head.id(), frame));
            }
        }
        execution.listening = frames;
    }
}
