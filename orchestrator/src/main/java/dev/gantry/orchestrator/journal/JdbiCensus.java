package dev.gantry.orchestrator.journal;

import dev.gantry.orchestrator.engine.Census;
import dev.gantry.orchestrator.id.TenantId;
import java.time.Instant;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jdbi.v3.core.Jdbi;

/** Counts the projections. */
final class JdbiCensus implements Census {
    private final Jdbi jdbi;

    JdbiCensus(Jdbi jdbi) {
        this.jdbi = jdbi;
    }

    @Override
    public List<Open> open(Collection<Integer> shards) {
        // What is settled has ended; the indexes are on what is not.
        return jdbi.withHandle(handle ->
                handle.createQuery(
                                """
                                select tenant_id, namespace, name, status, count(*) from execution
                                 where residence in (0, 1) and shard = any(:shards)
                                 group by tenant_id, namespace, name, status
                                """)
                        .bind("shards", shards.toArray(Integer[]::new))
                        .map((rs, context) ->
                                new Open(
                                        new TenantId(rs.getString(1)),
                                        rs.getString(2),
                                        rs.getString(3),
                                        StoredCodes.status(rs.getInt(4)),
                                        rs.getLong(5)))
                        .filter(open -> !open.status().isTerminal())
                        .list());
    }

    @Override
    public long due(Collection<Integer> shards, Instant now) {
        return jdbi.withHandle(handle ->
                handle.createQuery(
                                """
                                select count(*) from execution
                                 where residence = 1 and wake_at <= :now and shard = any(:shards)
                                """)
                        .bind("shards", shards.toArray(Integer[]::new))
                        .bind("now", JdbiJournal.utc(now))
                        .mapTo(Long.class)
                        .one());
    }

    @Override
    public List<Leased> leases(Collection<Integer> shards) {
        return jdbi.withHandle(handle ->
                handle.createQuery(
                                """
                                select adapter, state, count(*) from lease
                                 where state <> 7 and shard = any(:shards)
                                 group by adapter, state
                                """)
                        .bind("shards", shards.toArray(Integer[]::new))
                        .map((rs, context) ->
                                new Leased(
                                        rs.getString(1),
                                        StoredCodes.lease(rs.getInt(2)),
                                        rs.getLong(3)))
                        .list());
    }

    @Override
    public Map<TenantId, Long> undecided() {
        Map<TenantId, Long> counts = new HashMap<>();
        jdbi.useHandle(handle ->
                handle.createQuery("select tenant_id, count(*) from dead_letter group by tenant_id")
                        .map((rs, context) ->
                                Map.entry(new TenantId(rs.getString(1)), rs.getLong(2)))
                        .forEach(entry -> counts.put(entry.getKey(), entry.getValue())));
        return counts;
    }
}
