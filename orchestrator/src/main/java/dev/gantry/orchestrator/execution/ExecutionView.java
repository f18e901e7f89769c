package dev.gantry.orchestrator.execution;

import com.fasterxml.jackson.databind.JsonNode;
import dev.gantry.orchestrator.definition.plan.WorkflowError;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * An execution with its data.
 *
 * @param output null unless completed
 * @param error null unless faulted
 * @param currentTasks what it does or waits for now
 * @param change grows with every change
 */
public record ExecutionView(
        ExecutionSummary summary,
        JsonNode input,
        @Nullable JsonNode output,
        @Nullable WorkflowError error,
        List<CurrentTask> currentTasks,
        long change) {
    public ExecutionView {
        currentTasks = List.copyOf(currentTasks);
    }

    /**
     * @param status of the task, such as {@code running}, {@code waiting}, {@code cancelling}
     * @param waitingFor for people: the exact blocker, null while it runs
     * @param step its number if it is a step
     */
    public record CurrentTask(
            String pointer,
            String iteration,
            String status,
            @Nullable String waitingFor,
            @Nullable Integer step) {}
}
