package dev.gantry.orchestrator.definition.plan;

import java.util.List;

/**
 * Tasks in sequence, the reach of flow directives.
 *
 * @param pointer of the task list, such as {@code /do} or {@code /do/0/retrying/try}
 */
public record Scope(String pointer, List<Task> tasks) {
    public Scope {
        tasks = List.copyOf(tasks);
    }
}
