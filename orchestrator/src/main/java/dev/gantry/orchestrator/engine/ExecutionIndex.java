package dev.gantry.orchestrator.engine;

import dev.gantry.orchestrator.id.ExecutionId;
import dev.gantry.orchestrator.id.Initiator;
import dev.gantry.orchestrator.id.TenantId;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Finds executions: for people, and for the node that takes shards over. */
public interface ExecutionIndex {

    /** Ids of executions that a node must hold in memory, in pages by id. */
    List<ExecutionId> active(Collection<Integer> shards, @Nullable ExecutionId after, int limit);

    /** Ids of parked executions that are due by the given time, the earliest first. */
    List<ExecutionId> due(Collection<Integer> shards, Instant until, int limit);

    Optional<Listed> find(TenantId tenant, ExecutionId id);

    /** Newest first; what is null is not looked at. */
    List<Listed> list(TenantId tenant, Query query, @Nullable Position after, int limit);

    List<Journal.Undecided> undecided(
            TenantId tenant, @Nullable UndecidedPosition after, int limit);

    /** Where a page of the list ended. */
    record Position(Instant startedAt, ExecutionId id) {}

    record UndecidedPosition(Instant since, ExecutionId id, int step) {}

    record Query(
            @Nullable String namespace,
            @Nullable String name,
            @Nullable String version,
            @Nullable ExecutionStatus status,
            @Nullable String initiator,
            @Nullable String correlationId,
            @Nullable Instant startedAfter,
            @Nullable Instant startedBefore) {}

    /**
     * @param isReadable whether {@link ReadRows} has all of it
     */
    record Listed(
            Journal.Head head,
            ExecutionStatus status,
            @Nullable Instant endedAt,
            int entries,
            boolean isReadable) {}

    /**
     * How far an execution has come.
     *
     * @param entries grows with every change
     */
    record Standing(boolean isEnded, int entries) {}

    /** Of those that are there. */
    Map<ExecutionId, Standing> standing(Collection<ExecutionId> ids);

    /**
     * An idempotency key.
     *
     * @param request digest of what is asked for with it
     */
    record Claim(TenantId tenant, Initiator initiator, String key, byte[] request) {}

    /**
     * Remembers the key if it is new.
     *
     * @param id to be used then
     * @param window keys from before it are forgotten
     * @return the id and request that the key stands for now
     */
    Reservation reserve(Claim claim, ExecutionId id, Instant now, Instant window);

    record Reservation(ExecutionId id, byte[] request, boolean isNew) {}

    /** Gives the key back: what it was taken for was refused. */
    void release(Claim claim, ExecutionId id);

    /**
     * @return how many keys from before the time were removed, of which there may be more
     */
    int forgetClaims(Instant before, int most);
}
