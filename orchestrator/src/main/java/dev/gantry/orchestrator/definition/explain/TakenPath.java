package dev.gantry.orchestrator.definition.explain;

import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Which way an execution took, from the types of its events; the last one of a task counts. */
public final class TakenPath {
    private final Map<String, String> states = new LinkedHashMap<>();

    public void add(String eventType, @Nullable String task) {
        if (task == null) {
            return;
        }
        switch (eventType) {
            case "TaskEntered", "TryRestarted" -> states.put(task, "running");
            case "TaskCompleted" -> states.put(task, "done");
            case "TaskFaulted" -> states.put(task, "failed");
            default -> {}
        }
    }

    /** By the pointers of tasks. */
    public Map<String, String> states() {
        return Map.copyOf(states);
    }
}
