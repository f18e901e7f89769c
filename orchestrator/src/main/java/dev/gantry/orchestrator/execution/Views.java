package dev.gantry.orchestrator.execution;

import dev.gantry.orchestrator.engine.ExecutionState;
import dev.gantry.orchestrator.engine.ExecutionStatus;
import dev.gantry.orchestrator.engine.Journal;
import dev.gantry.orchestrator.id.ExecutionId;
import org.jspecify.annotations.Nullable;

/** Executions as people see them. */
final class Views {
    private Views() {}

    /** What a task waits for, by the journal and by what a node knows beside it. */
    interface Blockers {
        @Nullable String of(ExecutionId id, ExecutionState.CurrentTask task);
    }

    static ExecutionView of(Journal.Head head, ExecutionState state, Blockers blockers) {
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
                state.currentTasks().stream().map(task -> task(head.id(), task, blockers)).toList(),
                state.version());
    }

    static ExecutionView.CurrentTask task(
            ExecutionId id, ExecutionState.CurrentTask task, Blockers blockers) {
        return new ExecutionView.CurrentTask(
                task.pointer(),
                task.iteration(),
                task.status(),
                blockers.of(id, task),
                task.step());
    }
}
