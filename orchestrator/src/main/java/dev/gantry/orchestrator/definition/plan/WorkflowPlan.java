package dev.gantry.orchestrator.definition.plan;

import com.fasterxml.jackson.databind.JsonNode;
import dev.gantry.orchestrator.id.DefinitionRef;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * One version of a workflow, ready to run.
 *
 * @param document as published, for {@code $workflow.definition}
 * @param functions the function versions that it calls, pinned at publish
 * @param startOn the events that start it, each by itself; null if it is started by callers only
 * @param secrets the names that the document declares
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
        Set<String> secrets,
        JsonNode document) {
    public WorkflowPlan {
        functions = List.copyOf(functions);
        workflows = List.copyOf(workflows);
        secrets = Set.copyOf(secrets);
    }

    /**
     * The task at a place of the document.
     *
     * @throws IllegalArgumentException if there is none
     */
    public Task task(String pointer) {
        Task found = find(main, pointer);
        if (found == null) {
            throw new IllegalArgumentException("%s has no task %s".formatted(ref, pointer));
        }
        return found;
    }

    /** What the listen task at a place listens to. */
    public Listening listening(String pointer) {
        if (task(pointer) instanceof Task.Listen listen) {
            return listen.to();
        }
        throw new IllegalArgumentException("%s has no listen task %s".formatted(ref, pointer));
    }

    private static @Nullable Task find(@Nullable Scope scope, String pointer) {
        if (scope != null) {
            for (Task task : scope.tasks()) {
                Task found = find(task, pointer);
                if (found != null) {
                    return found;
                }
            }
        }
        return null;
    }

    private static @Nullable Task find(Task task, String pointer) {
        if (task instanceof Task.Extended extended) {
            return find(extended.body(), pointer);
        }
        if (task.pointer().equals(pointer)) {
            return task;
        }
        Task.Do compensation = task.common().compensation();
        Task found = compensation == null ? null : find(compensation, pointer);
        if (found != null) {
            return found;
        }
        return switch (task) {
            case Task.Listen listen ->
                    listen.each() == null ? null : find(listen.each().body(), pointer);
            case Task.Do scope -> find(scope.body(), pointer);
            case Task.For loop -> find(loop.body(), pointer);
            case Task.Fork fork -> find(new Scope("", fork.branches()), pointer);
            case Task.Try attempt -> {
                Task inBody = find(attempt.body(), pointer);
                yield inBody != null ? inBody : find(attempt.onError().handler(), pointer);
            }
            default -> null;
        };
    }
}
