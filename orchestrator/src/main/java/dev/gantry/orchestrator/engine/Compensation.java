package dev.gantry.orchestrator.engine;

import com.fasterxml.jackson.databind.JsonNode;
import dev.gantry.orchestrator.definition.plan.Task;
import java.util.List;

/**
 * A completed task that can be undone.
 *
 * @param frame that it had
 * @param below the frames that it was below, the innermost first
 * @param input of the task, transformed
 * @param output of the task, transformed
 */
record Compensation(
        int frame,
        List<Integer> below,
        Task task,
        String iteration,
        JsonNode input,
        JsonNode output) {}
