package dev.gantry.orchestrator.execution;

import dev.gantry.orchestrator.engine.Event;
import dev.gantry.orchestrator.engine.Journal;
import dev.gantry.orchestrator.engine.StepResult;
import java.time.Instant;
import java.util.List;

/** Keeps the list of steps that wait for a person in step with the events. */
final class Undecideds {
    private Undecideds() {}

    static void note(
            LiveExecution execution,
            List<Event> events,
            Instant now,
            List<Journal.Undecided> added,
            List<Journal.StepRef> removed) {
        for (Event event : events) {
            switch (event) {
                case Event.StepUndecided e -> {
                    execution.undecided = true;
                    added.add(undecided(execution, e, events, now));
                }
                case Event.StepDecided e ->
                        removed.add(new Journal.StepRef(execution.head.id(), e.frame()));
                case Event.ExecutionFaulted _,
                        Event.ExecutionCancelled _,
                        Event.ExecutionCompleted _ -> {
                    if (execution.undecided) {
                        removed.add(new Journal.StepRef(execution.head.id(), 0));
                    }
                }
                default -> {}
            }
        }
    }

    private static Journal.Undecided undecided(
            LiveExecution execution, Event.StepUndecided event, List<Event> events, Instant now) {
        String code = "UNKNOWN";
        String message = "";
        for (Event at : events) {
            if (at instanceof Event.StepEnded ended
                    && ended.frame() == event.frame()
                    && ended.result() instanceof StepResult.Failed failed) {
                code = failed.failure().code();
                message = failed.failure().message();
            }
        }
        return new Journal.Undecided(
                execution.head,
                event.frame(),
                execution.state.pointer(event.frame()),
                event.attempt(),
                code,
                message,
                now);
    }
}
