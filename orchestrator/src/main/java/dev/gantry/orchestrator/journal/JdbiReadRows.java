package dev.gantry.orchestrator.journal;

import dev.gantry.orchestrator.engine.ExecutionIndex;
import dev.gantry.orchestrator.engine.Journal;
import dev.gantry.orchestrator.engine.Journal.Entry;
import dev.gantry.orchestrator.engine.Journal.Unavailable;
import dev.gantry.orchestrator.engine.ReadRows;
import dev.gantry.orchestrator.id.ExecutionId;
import dev.gantry.orchestrator.id.TenantId;
import dev.gantry.orchestrator.payload.PayloadCodec;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.OffsetDateTime;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.Jdbi;
import org.jdbi.v3.core.JdbiException;
import org.jspecify.annotations.Nullable;

/** Reads what the journal's commits have written for readers. */
final class JdbiReadRows implements ReadRows {
    private final Jdbi jdbi;
    private final EntryCodec codec;
    private final PayloadCodec payloads;
    private final JdbiEntries rows;

    JdbiReadRows(Jdbi jdbi, EntryCodec codec, PayloadCodec payloads) {
        this.jdbi = jdbi;
        this.codec = codec;
        this.payloads = payloads;
        this.rows = new JdbiEntries(codec, payloads);
    }

    private interface Reading<T extends @Nullable Object> {
        T in(Handle handle);
    }

    private <T extends @Nullable Object> T read(Reading<T> reading) throws Unavailable {
        try {
            return jdbi.withHandle(reading::in);
        } catch (JdbiException e) {
            throw JdbiJournal.unavailable(e);
        }
    }

    @Override
    public Optional<Row> find(TenantId tenant, ExecutionId id) throws Unavailable {
        return read(handle ->
                handle.createQuery(
                                """
                                select e.id, e.tenant_id, e.initiator, e.shard, e.kind, e.namespace,
                                       e.name, e.version, e.correlation_id, e.parent_id, e.started_at,
                                       e.status, e.ended_at, e.entries, e.readable, e.ended_by,
                                       e.current_tasks, f.at as first_at, f.body as first_body,
                                       l.at as last_at, l.body as last_body, l.aside as last_aside
                                  from execution e
                                  join journal f on f.execution_id = e.id and f.seq = 1
                                  left join journal l on l.execution_id = e.id and l.seq = e.ended_by
                                 where e.id = :id and e.tenant_id = :tenant
                                """)
                        .bind("id", id.value())
                        .bind("tenant", tenant.value())
                        .map((rs, context) -> row(handle, tenant, rs))
                        .findOne());
    }

    private Row row(Handle handle, TenantId tenant, ResultSet rs) throws SQLException {
        ExecutionIndex.Listed listed = JdbiExecutionIndex.listed(rs);
        byte[] current = rs.getBytes("current_tasks");
        int endedBy = rs.getInt("ended_by");
        return new Row(
                listed,
                current == null ? List.of() : codec.readTasks(payloads.decode(tenant, current)),
                entry(handle, listed.head(), 1, rs, "first", null),
                endedBy == 0
                        ? null
                        : entry(
                                handle,
                                listed.head(),
                                endedBy,
                                rs,
                                "last",
                                rs.getBytes("last_aside")));
    }

    private Entry entry(
            Handle handle,
            Journal.Head head,
            int seq,
            ResultSet rs,
            String name,
            byte @Nullable [] aside)
            throws SQLException {
        return new Entry(
                head.id(),
                head.tenant(),
                head.initiator(),
                seq,
                rs.getObject(name + "_at", OffsetDateTime.class).toInstant(),
                rows.events(handle, head.tenant(), head.id(), rs.getBytes(name + "_body")),
                rows.aside(handle, head.tenant(), head.id(), aside));
    }

    @Override
    public List<Entry> entries(TenantId tenant, ExecutionId id, int from, int limit)
            throws Unavailable {
        return read(handle -> entries(handle, tenant, id, from, limit));
    }

    private List<Entry> entries(
            Handle handle, TenantId tenant, ExecutionId id, int from, int limit) {
        return handle.createQuery(
                        """
                        select seq, initiator, at, body, aside from journal
                         where execution_id = :id and seq >= :from and tenant_id = :tenant
                         order by seq limit :limit
                        """)
                .bind("id", id.value())
                .bind("from", from)
                .bind("tenant", tenant.value())
                .bind("limit", limit)
                .map((rs, context) -> rows.forReading(handle, tenant, id, rs))
                .list();
    }

    @Override
    public List<Entry> entries(TenantId tenant, ExecutionId id, Collection<Integer> numbers)
            throws Unavailable {
        if (numbers.isEmpty()) {
            return List.of();
        }
        return read(handle ->
                handle.createQuery(
                                """
                                select seq, initiator, at, body, aside from journal
                                 where execution_id = :id and seq = any(:numbers)
                                   and tenant_id = :tenant
                                 order by seq
                                """)
                        .bind("id", id.value())
                        .bind("numbers", numbers.toArray(Integer[]::new))
                        .bind("tenant", tenant.value())
                        .map((rs, context) -> rows.forReading(handle, tenant, id, rs))
                        .list());
    }

    @Override
    public List<StepEntries> steps(TenantId tenant, ExecutionId id, int after, int limit)
            throws Unavailable {
        return read(handle ->
                handle.createQuery(
                                """
                                select step, entries from step_entry
                                 where execution_id = :id and step > :after and tenant_id = :tenant
                                 order by step limit :limit
                                """)
                        .bind("id", id.value())
                        .bind("after", after)
                        .bind("tenant", tenant.value())
                        .bind("limit", limit)
                        .map((rs, context) ->
                                new StepEntries(
                                        rs.getInt("step"),
                                        List.of((Integer[]) rs.getArray("entries").getArray())))
                        .list());
    }

    @Override
    public void rebuild(Journal.Head head, Fold fold) throws Unavailable {
        new JdbiRebuild(jdbi, codec, payloads, this::entries).run(head, fold);
    }

    @Override
    public List<Journal.Head> toRebuild(@Nullable ExecutionId after, boolean all, int limit)
            throws Unavailable {
        return read(handle ->
                handle.createQuery(
                                """
                                select id, tenant_id, initiator, shard, kind, namespace, name, version,
                                       correlation_id, parent_id, started_at
                                  from execution
                                 where id > :after and (:all or readable <> entries)
                                 order by id limit :limit
                                """)
                        .bind("after", after == null ? new UUID(0, 0) : after.value())
                        .bind("all", all)
                        .bind("limit", limit)
                        .map((rs, context) -> JdbiJournal.head(rs))
                        .list());
    }
}
