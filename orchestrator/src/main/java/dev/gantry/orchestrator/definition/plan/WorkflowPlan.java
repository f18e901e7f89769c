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

    /**
     * What the listen task at a place listens to.
     *
     * @throws IllegalArgumentException if there is no such task
     */
    public Listening listening(String pointer) {
        Listening found = listening(main, pointer);
        if (found == null) {
            throw new IllegalArgumentException("%s has no listen task %s".formatted(ref, pointer));
        }
        return found;
    }

    private static @Nullable Listening listening(@Nullable Scope scope, String pointer) {
        if (scope != null) {
            for (Task task : scope.tasks()) {
                Listening found = listening(task, pointer);
                if (found != null) {
                    return found;
                }
            }
        }
        return null;
    }

    private static @Nullable Listening listening(Task task, String pointer) {
        return switch (task) {
            case Task.Listen listen when listen.pointer().equals(pointer) -> listen.to();
            case Task.Listen listen ->
                    listen.each() == null ? null : listening(listen.each().body(), pointer);
            case Task.Do scope -> listening(scope.body(), pointer);
            case Task.For loop -> listening(loop.body(), pointer);
            case Task.Fork fork -> listening(new Scope("", fork.branches()), pointer);
            case Task.Try attempt -> {
                Listening found = listening(attempt.body(), pointer);
                yield found != null ? found : listening(attempt.onError().handler(), pointer);
            }
            default -> null;
        };
    }
}
