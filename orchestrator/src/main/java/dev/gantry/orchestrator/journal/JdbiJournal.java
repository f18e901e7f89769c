package dev.gantry.orchestrator.journal;

import dev.gantry.orchestrator.engine.Journal;
import dev.gantry.orchestrator.engine.StateImage;
import dev.gantry.orchestrator.id.DefinitionRef;
import dev.gantry.orchestrator.id.ExecutionId;
import dev.gantry.orchestrator.id.Initiator;
import dev.gantry.orchestrator.id.TenantId;
import dev.gantry.orchestrator.payload.PayloadCodec;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.Jdbi;
import org.jdbi.v3.core.JdbiException;
import org.jdbi.v3.core.transaction.TransactionIsolationLevel;

/** The journal in PostgreSQL: one transaction per batch. */
final class JdbiJournal implements Journal {
    private final Jdbi jdbi;
    private final Jdbi commits;
    private final PayloadCodec payloads;
    private final EntryCodec codec;
    private final JdbiEntries rows;
    private final GroupCommit group;

    /**
     * @param commits for commits alone
     * @param committers commits at the same time
     */
    JdbiJournal(Jdbi jdbi, Jdbi commits, int committers, EntryCodec codec, PayloadCodec payloads) {
        this.group = new GroupCommit(this::write, committers);
        this.jdbi = jdbi;
        this.commits = commits;
        this.codec = codec;
        this.payloads = payloads;
        this.rows = new JdbiEntries(codec, payloads);
    }

    @Override
    public void commit(Batch batch) throws Fenced, Unavailable {
        // Encoded before the transaction begins, so that the locks are held no longer than needed.
        group.commit(JdbiBatch.of(batch, codec, payloads));
    }

    private Set<Integer> write(JdbiBatch batch) throws Unavailable {
        try {
            return batch.commit(commits) ? Set.of() : lost(batch.batch());
        } catch (JdbiException | SQLException e) {
            throw unavailable(e);
        }
    }

    /** While the epochs are held, nobody else can have written the entry. */
    @Override
    public boolean isCommitted(Batch batch) throws Fenced, Unavailable {
        if (batch.entries().isEmpty()) {
            // Leases alone, which can be written twice.
            return false;
        }
        Entry first = batch.entries().getFirst();
        try {
            Optional<Boolean> there =
                    jdbi.inTransaction(handle ->
                            JdbiDecisions.holdsAlone(handle.getConnection(), batch.epochs())
                                    ? Optional.of(isThere(handle, first))
                                    : Optional.empty());
            if (there.isEmpty()) {
                throw new Fenced(lost(batch));
            }
            return there.get();
        } catch (JdbiException | SQLException e) {
            throw unavailable(e);
        }
    }

    /** Epochs never return: what is lost now was lost when the batch was refused, or is since. */
    private Set<Integer> lost(Batch batch) throws SQLException {
        Set<Integer> lost = new HashSet<>(batch.epochs().keySet());
        jdbi.useHandle(handle ->
                lost.removeAll(JdbiDecisions.held(handle.getConnection(), batch.epochs())));
        return lost;
    }

    private static boolean isThere(Handle handle, Entry entry) {
        return handle.createQuery(
                        """
                        select exists (select 1 from journal
                         where execution_id = :id and seq = :seq)
                        """)
                .bind("id", entry.id().value())
                .bind("seq", entry.seq())
                .mapTo(Boolean.class)
                .one();
    }

    @Override
    public Map<ExecutionId, Recorded> read(Collection<ExecutionId> ids) throws Unavailable {
        UUID[] wanted = ids.stream().map(ExecutionId::value).toArray(UUID[]::new);
        try {
            // One view of the database: a snapshot written in between would leave a gap.
            return jdbi.inTransaction(
                    TransactionIsolationLevel.REPEATABLE_READ,
                    handle -> {
                        Map<ExecutionId, Head> heads = heads(handle, wanted);
                        Map<ExecutionId, Snapshot> snapshots = snapshots(handle, wanted, heads);
                        Map<ExecutionId, List<Entry>> entries = tails(handle, wanted, heads);
                        Map<ExecutionId, Recorded> found = new LinkedHashMap<>();
                        heads.forEach((id, head) ->
                                found.put(
                                        id,
                                        new Recorded(
                                                head,
                                                snapshots.get(id),
                                                entries.getOrDefault(id, List.of()))));
                        return found;
                    });
        } catch (JdbiException e) {
            throw unavailable(e);
        }
    }

    private static Map<ExecutionId, Head> heads(Handle handle, UUID[] ids) {
        Map<ExecutionId, Head> heads = new LinkedHashMap<>();
        handle.createQuery(
                        """
                        select id, tenant_id, initiator, shard, kind, namespace, name, version,
                               correlation_id, parent_id, started_at
                          from execution where id = any(:ids)
                        """)
                .bind("ids", ids)
                .map((rs, context) -> head(rs))
                .forEach(head -> heads.put(head.id(), head));
        return heads;
    }

    private Map<ExecutionId, Snapshot> snapshots(
            Handle handle, UUID[] ids, Map<ExecutionId, Head> heads) {
        Map<ExecutionId, Snapshot> snapshots = new HashMap<>();
        handle.createQuery(
                        "select execution_id, seq, body from snapshot where execution_id = any(:ids)")
                .bind("ids", ids)
                .map((rs, context) -> {
                    ExecutionId id = new ExecutionId(rs.getObject(1, UUID.class));
                    TenantId tenant = requireHead(heads, id).tenant();
                    StateImage image =
                            codec.readImage(
                                    payloads.decode(tenant, rs.getBytes(3)),
                                    digest -> rows.blob(handle, tenant, id, digest));
                    return Map.entry(id, new Snapshot(rs.getInt(2), image));
                })
                .forEach(entry -> snapshots.put(entry.getKey(), entry.getValue()));
        return snapshots;
    }

    /** Entries that no snapshot holds yet. */
    private Map<ExecutionId, List<Entry>> tails(
            Handle handle, UUID[] ids, Map<ExecutionId, Head> heads) {
        Map<ExecutionId, List<Entry>> tails = new HashMap<>();
        handle.createQuery(
                        """
                        select j.execution_id, j.seq, j.initiator, j.at, j.body
                          from journal j left join snapshot s on s.execution_id = j.execution_id
                         where j.execution_id = any(:ids) and j.seq > coalesce(s.seq, 0)
                         order by j.execution_id, j.seq
                        """)
                .bind("ids", ids)
                .map((rs, context) -> {
                    ExecutionId id = new ExecutionId(rs.getObject("execution_id", UUID.class));
                    return rows.forDeciding(handle, requireHead(heads, id).tenant(), id, rs);
                })
                .forEach(entry ->
                        tails.computeIfAbsent(entry.id(), id -> new ArrayList<>()).add(entry));
        return tails;
    }

    private static Head requireHead(Map<ExecutionId, Head> heads, ExecutionId id) {
        Head head = heads.get(id);
        if (head == null) {
            throw new IllegalStateException("execution %s has a journal and no head".formatted(id));
        }
        return head;
    }

    static Head head(ResultSet rs) throws SQLException {
        UUID parent = rs.getObject("parent_id", UUID.class);
        return new Head(
                new ExecutionId(rs.getObject("id", UUID.class)),
                new TenantId(rs.getString("tenant_id")),
                Initiator.parse(rs.getString("initiator")),
                rs.getInt("shard"),
                new DefinitionRef(
                        StoredCodes.kind(rs.getInt("kind")),
                        rs.getString("namespace"),
                        rs.getString("name"),
                        rs.getString("version")),
                rs.getString("correlation_id"),
                parent == null ? null : new ExecutionId(parent),
                rs.getObject("started_at", OffsetDateTime.class).toInstant());
    }

    @Override
    public void saveSnapshot(Head head, Snapshot snapshot) throws Unavailable {
        List<JdbiBatch.Blob> blobs = new ArrayList<>();
        StateImage image = snapshot.image();
        byte[] body =
                payloads.encode(
                        head.tenant(),
                        codec.write(
                                image,
                                (digest, json) ->
                                        blobs.add(
                                                new JdbiBatch.Blob(
                                                        head.id(),
                                                        head.tenant(),
                                                        head.initiator(),
                                                        digest,
                                                        payloads.encode(head.tenant(), json)))));
        try {
            jdbi.useTransaction(handle -> {
                JdbiBatch.writeBlobs(handle, blobs);
                handle.createUpdate(
                                """
                                insert into snapshot (execution_id, tenant_id, initiator, seq, body)
                                values (:id, :tenant, :initiator, :seq, :body)
                                on conflict (execution_id) do update
                                   set seq = excluded.seq, body = excluded.body
                                 where snapshot.seq < excluded.seq
                                """)
                        .bind("id", head.id().value())
                        .bind("tenant", head.tenant().value())
                        .bind("initiator", head.initiator().toString())
                        .bind("seq", snapshot.seq())
                        .bind("body", body)
                        .execute();
            });
        } catch (JdbiException e) {
            throw unavailable(e);
        }
    }

    static OffsetDateTime utc(Instant at) {
        return at.atOffset(ZoneOffset.UTC);
    }

    static Unavailable unavailable(Exception e) {
        String state = null;
        for (Throwable at = e; at != null; at = at.getCause()) {
            if (at instanceof SQLException sql && sql.getSQLState() != null) {
                state = sql.getSQLState();
            }
        }
        // 22 data, 23 constraint, 42 statement: the same rows will fail again.
        boolean rowsAtFault =
                state != null
                        && (state.startsWith("22")
                                || state.startsWith("23")
                                || state.startsWith("42"));
        return new Unavailable("the journal's database failed: " + e.getMessage(), e, !rowsAtFault);
    }
}
