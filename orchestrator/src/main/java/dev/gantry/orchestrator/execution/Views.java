package dev.gantry.orchestrator.execution;

import dev.gantry.orchestrator.engine.ExecutionState;
import dev.gantry.orchestrator.engine.ExecutionStatus;
import dev.gantry.orchestrator.engine.Journal;

/** Executions as people see them. */
final class Views {
    private Views() {}

    static ExecutionView of(Journal.Head head, ExecutionState state) {
        return new ExecutionView(
                new ExecutionSummary(
                        head.id(),
                        head.definition(),
                        state.status(),
                        head.correlationId() != null ? head.correlationId() : head.id().toString(),
                        head.initiator().toString(),
                        head.parent(),
                        state.startedAt(),
                        state.endedAt()),
                state.started().input(),
                state.status() == ExecutionStatus.COMPLETED ? state.output() : null,
                state.error(),
                state.currentTasks().stream()
                        .map(task ->
                                new ExecutionView.CurrentTask(
                                        task.pointer(),
                                        task.iteration(),
                                        task.status(),
                                        task.waitingFor(),
                                        task.step()))
                        .toList(),
                state.version());
    }
}
