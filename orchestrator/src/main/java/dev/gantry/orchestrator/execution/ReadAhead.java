package dev.gantry.orchestrator.execution;

import dev.gantry.orchestrator.id.ExecutionId;
import java.util.Collection;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The executions that were read from the journal ahead of their letters, and are still as they were
 * read: one that came into memory and left it again in between may have changed.
 */
final class ReadAhead {
    private final Set<ExecutionId> asRead = ConcurrentHashMap.newKeySet();

    /** To be called before they are read. */
    void begin(Collection<ExecutionId> ids) {
        asRead.addAll(ids);
    }

    /** Whether what was read still holds; asked once, when the letter has come. */
    boolean holds(ExecutionId id) {
        return asRead.remove(id);
    }

    void left(ExecutionId id) {
        asRead.remove(id);
    }

    void clear() {
        asRead.clear();
    }
}
