package dev.gantry.orchestrator.definition.plan;

import com.fasterxml.jackson.databind.JsonNode;
import dev.gantry.orchestrator.id.DefinitionRef;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One version of a workflow, ready to run.
 *
 * @param document as published, for {@code $workflow.definition}
 * @param functions the function versions that it calls, pinned at publish
 * @param startOn the events that start it, each by itself; null if it is started by callers only
 * @param workflows the workflow versions that it runs, pinned at publish
 */
public record WorkflowPlan(
        DefinitionRef ref,
        DataFlow flow,
        @Nullable DurationTemplate timeout,
        Scope main,
        List<DefinitionRef> functions,
        List<DefinitionRef> workflows,
        @Nullable Listening startOn,
        JsonNode document) {
    public WorkflowPlan {
        functions = List.copyOf(functions);
        workflows = List.copyOf(workflows);
    }
}
