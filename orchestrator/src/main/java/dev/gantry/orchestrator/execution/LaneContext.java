package dev.gantry.orchestrator.execution;

import dev.gantry.orchestrator.cluster.Shard;
import dev.gantry.orchestrator.engine.Circumstances;
import dev.gantry.orchestrator.engine.Command;
import dev.gantry.orchestrator.engine.Journal;
import dev.gantry.orchestrator.id.ExecutionId;
import dev.gantry.orchestrator.id.TenantId;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** What a lane needs of its node. */
interface LaneContext {
    ExecutionProperties properties();

    Clock clock();

    Journal journal();

    Circumstances circumstances(TenantId tenant, Instant now);

    Journal.@Nullable Recorded read(ExecutionId id) throws Journal.Unavailable;

    LiveExecution restore(Journal.Recorded recorded);

    /** The node's hold on the execution's shard; null if another node has it. */
    @Nullable Shard shard(ExecutionId id);

    /** A start is durable, or was before: its parent may want to know. */
    void accepted(LiveExecution execution);

    /** Something of it is durable that was not before. */
    void changed(LiveExecution execution);

    void carryOut(LiveExecution execution, Command command);

    void snapshotIfLong(LiveExecution execution);

    /** Whether what the adapter runs is a resource of its backend. */
    boolean provisions(String adapter);

    /** It is durable that a lease stands otherwise. */
    void changed(Journal.LeaseChange lease);

    /** Events were sent, or somebody new listens. */
    void eventsChanged();

    void lostShards();

    /** Another node is to have the shard: nothing of it is in the lane now. */
    void part(Shard shard);

    /** Its shard is not this node's, or not any more. */
    void elsewhere(Letter letter);

    /** Another node's letter is taken, by its number, or is not for this node any more. */
    void postTaken(long number);

    /** Everything in memory is gone. */
    void crashed();

    void later(Duration delay, Runnable action);

    /** The same new execution with a state that nothing has been folded into. */
    LiveExecution again(LiveExecution fresh);

    WakeUps wakeUps(Lane lane);

    /** Brings the next ones back, elsewhere. */
    void bring(WakeUps wakeUps);
}
