package dev.gantry.orchestrator.engine;

import dev.gantry.orchestrator.id.DefinitionRef;
import dev.gantry.orchestrator.id.ExecutionId;
import dev.gantry.orchestrator.id.TenantId;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Leases as they are stored. The journal writes those of steps; what is found on backends, and
 * compared with them, is written here.
 */
public interface Ledger {

    /**
     * The oldest first; what is null is not looked at.
     *
     * @param tenant null for all
     * @param after the last row of the page before, 0 for the first page
     */
    List<Row> list(@Nullable TenantId tenant, Query query, long after, int limit);

    record Query(
            @Nullable String adapter,
            Lease.@Nullable State state,
            @Nullable ExecutionId execution) {}

    /** Of shards, those whose resource is on a backend as far as is known, in pages. */
    List<Row> onBackends(Collection<Integer> shards, long after, int limit);

    /** Of one adapter, those whose resource a look at its backend should find, in pages. */
    List<Row> expected(String adapter, Collection<Integer> shards, long after, int limit);

    /** All of some executions. */
    List<Row> of(Collection<ExecutionId> executions);

    /** False if it does not stand as in the row any more; then nothing is changed. */
    boolean move(Row row, Lease.State to, @Nullable String reason, Instant at);

    /** Adds what was found on a backend and belongs to no lease, and gives its row. */
    Row orphan(Orphan found, String reason, Instant at);

    /** Drops rows that are told as removed since before a time, at most so many. */
    int forget(Instant before, int most);

    /**
     * @param execution that it names, known or not
     */
    record Orphan(
            ExecutionId execution,
            int step,
            int attempt,
            int shard,
            String adapter,
            String externalName,
            Instant createdAt) {}

    /**
     * @param tenant null where no execution is known, as for the rest of what describes it
     * @param since when it was intended; of an orphan, when the backend made it
     * @param changedAt since when it is in its state
     */
    record Row(
            long id,
            ExecutionId execution,
            int shard,
            @Nullable TenantId tenant,
            @Nullable String initiator,
            @Nullable DefinitionRef definition,
            String externalName,
            Lease lease,
            Instant since,
            Instant changedAt) {
        public boolean isNamed() {
            return lease.attempt() > 0;
        }
    }
}
