package dev.gantry.orchestrator.execution;

import dev.gantry.orchestrator.engine.ExecutionState;
import dev.gantry.orchestrator.engine.Journal;
import java.time.Instant;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** An execution that a lane holds in memory. */
final class LiveExecution {
    final Journal.Head head;
    final ExecutionState state;

    /** Not yet in the journal. */
    boolean created;

    /** What the lane's timers hold for it. */
    @Nullable Instant timer;

    /** Whether a step of it may stand among the dead letters. */
    boolean undecided;

    /** The frames whose listeners are stored. */
    Set<Integer> listening = Set.of();

    /** The last entry that a snapshot holds. */
    int snapshotSeq;

    LiveExecution(Journal.Head head, ExecutionState state, boolean created, int snapshotSeq) {
        this.head = head;
        this.state = state;
        this.created = created;
        this.snapshotSeq = snapshotSeq;
    }

    String correlationId() {
        return head.correlationId() != null ? head.correlationId() : head.id().toString();
    }
}
