package dev.gantry.orchestrator.journal;

import dev.gantry.orchestrator.engine.Lease;
import dev.gantry.orchestrator.engine.Ledger;
import dev.gantry.orchestrator.id.DefinitionKind;
import dev.gantry.orchestrator.id.DefinitionRef;
import dev.gantry.orchestrator.id.ExecutionId;
import dev.gantry.orchestrator.id.TenantId;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jdbi.v3.core.Jdbi;
import org.jspecify.annotations.Nullable;

/** The table of leases, beside what the journal's commits write to it. */
final class JdbiLedger implements Ledger {
    private static final String COLUMNS =
            """
            id, execution_id, step, attempt, shard, tenant_id, initiator, kind, namespace, name,
            version, adapter, external_name, function, state, reason, since, changed_at
            """;
    private static final String SELECT = "select " + COLUMNS + " from lease ";

    private final Jdbi jdbi;

    JdbiLedger(Jdbi jdbi) {
        this.jdbi = jdbi;
    }

    @Override
    public List<Row> list(@Nullable TenantId tenant, Query query, long after, int limit) {
        Map<String, Object> binds = new LinkedHashMap<>();
        StringBuilder where = new StringBuilder("where id > :after");
        if (tenant != null) {
            where.append(" and tenant_id = :tenant");
            binds.put("tenant", tenant.value());
        }
        if (query.adapter() != null) {
            where.append(" and adapter = :adapter");
            binds.put("adapter", query.adapter());
        }
        if (query.state() != null) {
            where.append(" and state = :state");
            binds.put("state", StoredCodes.of(query.state()));
        }
        if (query.execution() != null) {
            where.append(" and execution_id = :execution");
            binds.put("execution", query.execution().value());
        }
        return jdbi.withHandle(handle ->
                handle.createQuery(SELECT + where + " order by id limit :limit")
                        .bind("after", after)
                        .bindMap(binds)
                        .bind("limit", limit)
                        .map((rs, context) -> row(rs))
                        .list());
    }

    @Override
    public List<Row> onBackends(Collection<Integer> shards, long after, int limit) {
        return jdbi.withHandle(handle ->
                handle.createQuery(
                                SELECT
                                        + """
                                        where state in (1, 2, 3, 4, 5, 6) and shard = any(:shards)
                                          and id > :after order by id limit :limit
                                        """)
                        .bind("shards", shards.toArray(Integer[]::new))
                        .bind("after", after)
                        .bind("limit", limit)
                        .map((rs, context) -> row(rs))
                        .list());
    }

    @Override
    public List<Row> expected(String adapter, Collection<Integer> shards, long after, int limit) {
        return jdbi.withHandle(handle ->
                handle.createQuery(
                                SELECT
                                        + """
                                        where adapter = :adapter and state in (1, 3, 4, 6)
                                          and shard = any(:shards) and id > :after
                                        order by id limit :limit
                                        """)
                        .bind("adapter", adapter)
                        .bind("shards", shards.toArray(Integer[]::new))
                        .bind("after", after)
                        .bind("limit", limit)
                        .map((rs, context) -> row(rs))
                        .list());
    }

    @Override
    public List<Row> of(Collection<ExecutionId> executions) {
        UUID[] ids = executions.stream().map(ExecutionId::value).toArray(UUID[]::new);
        return jdbi.withHandle(handle ->
                handle.createQuery(SELECT + "where execution_id = any(:ids)")
                        .bind("ids", ids)
                        .map((rs, context) -> row(rs))
                        .list());
    }

    @Override
    public boolean move(Row row, Lease.State to, @Nullable String reason, Instant at) {
        return jdbi.withHandle(handle ->
                handle.createUpdate(
                                        """
                                        update lease
                                           set state = :to, reason = :reason, changed_at = :at
                                         where id = :id and state = :from
                                        """)
                                .bind("id", row.id())
                                .bind("from", StoredCodes.of(row.lease().state()))
                                .bind("to", StoredCodes.of(to))
                                .bind("reason", storable(reason))
                                .bind("at", JdbiJournal.utc(at))
                                .execute()
                        == 1);
    }

    @Override
    public Row orphan(Orphan found, String reason, Instant at) {
        return jdbi.withHandle(handle ->
                handle.createQuery(
                                """
                                insert into lease as l (execution_id, step, attempt, shard, tenant_id,
                                    initiator, kind, namespace, name, version, adapter,
                                    external_name, state, reason, since, changed_at)
                                select f.id, :step, :attempt, :shard, x.tenant_id, x.initiator,
                                       x.kind, x.namespace, x.name, x.version, :adapter, :name,
                                       :state, :reason, :since, :at
                                  from (values (:id)) as f(id)
                                  left join execution x on x.id = f.id
                                on conflict (execution_id, step, attempt) do update
                                   set adapter = excluded.adapter, state = excluded.state,
                                       external_name = excluded.external_name,
                                       reason = excluded.reason, since = excluded.since,
                                       changed_at = excluded.changed_at
                                returning
                                """
                                        + COLUMNS)
                        .bind("id", found.execution().value())
                        .bind("step", found.step())
                        .bind("attempt", found.attempt())
                        .bind("shard", found.shard())
                        .bind("adapter", found.adapter())
                        .bind("name", storable(found.externalName()))
                        .bind("state", StoredCodes.of(Lease.State.ORPHAN))
                        .bind("reason", storable(reason))
                        .bind("since", JdbiJournal.utc(found.createdAt()))
                        .bind("at", JdbiJournal.utc(at))
                        .map((rs, context) -> row(rs))
                        .one());
    }

    @Override
    public int forget(Instant before, int most) {
        return jdbi.withHandle(handle ->
                handle.createUpdate(
                                """
                                delete from lease where id in
                                    (select id from lease where state = 7 and changed_at < :before
                                      order by changed_at limit :most)
                                """)
                        .bind("before", JdbiJournal.utc(before))
                        .bind("most", most)
                        .execute());
    }

    /** PostgreSQL's text has no character 0. */
    private static @Nullable String storable(@Nullable String text) {
        return text == null ? null : text.replace('\u0000', '\ufffd');
    }

    private static Row row(ResultSet rs) throws SQLException {
        String tenant = rs.getString("tenant_id");
        return new Row(
                rs.getLong("id"),
                new ExecutionId(rs.getObject("execution_id", UUID.class)),
                rs.getInt("shard"),
                tenant == null ? null : new TenantId(tenant),
                rs.getString("initiator"),
                tenant == null
                        ? null
                        : new DefinitionRef(
                                StoredCodes.kind(rs.getInt("kind")),
                                rs.getString("namespace"),
                                rs.getString("name"),
                                rs.getString("version")),
                rs.getString("external_name"),
                new Lease(
                        rs.getInt("step"),
                        rs.getInt("attempt"),
                        rs.getString("adapter"),
                        function(rs.getString("function")),
                        StoredCodes.lease(rs.getInt("state")),
                        rs.getString("reason")),
                rs.getObject("since", OffsetDateTime.class).toInstant(),
                rs.getObject("changed_at", OffsetDateTime.class).toInstant());
    }

    /** As {@link DefinitionRef#toString} writes it. */
    private static @Nullable DefinitionRef function(@Nullable String text) {
        if (text == null) {
            return null;
        }
        int slash = text.indexOf('/');
        int colon = text.lastIndexOf(':');
        return new DefinitionRef(
                DefinitionKind.FUNCTION,
                text.substring(0, slash),
                text.substring(slash + 1, colon),
                text.substring(colon + 1));
    }
}
