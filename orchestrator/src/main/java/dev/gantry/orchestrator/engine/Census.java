package dev.gantry.orchestrator.engine;

import dev.gantry.orchestrator.id.TenantId;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Map;

/** Counts what is stored, for those who watch. */
public interface Census {
    /** Executions that have not ended. */
    List<Open> open(Collection<Integer> shards);

    /** Parked executions whose time has come. */
    long due(Collection<Integer> shards, Instant now);

    /** Leases of shards that are not told as removed. */
    List<Leased> leases(Collection<Integer> shards);

    record Leased(String adapter, Lease.State state, long count) {}

    /** Steps that wait for a person's decision. */
    Map<TenantId, Long> undecided();

    record Open(
            TenantId tenant, String namespace, String name, ExecutionStatus status, long count) {}
}
