package dev.gantry.orchestrator.journal;

import dev.gantry.orchestrator.engine.Journal;
import dev.gantry.orchestrator.engine.StateImage;
import dev.gantry.orchestrator.id.DefinitionKind;
import dev.gantry.orchestrator.id.DefinitionRef;
import dev.gantry.orchestrator.id.ExecutionId;
import dev.gantry.orchestrator.id.Initiator;
import dev.gantry.orchestrator.id.TenantId;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.Jdbi;
import org.jdbi.v3.core.JdbiException;
import org.jspecify.annotations.Nullable;

/** The journal in PostgreSQL: one transaction per batch, multi-row statements by {@code unnest}. */
final class JdbiJournal implements Journal {
    private final Jdbi jdbi;
    private final PayloadCodec payloads;
    private final EntryCodec codec = new EntryCodec();

    JdbiJournal(Jdbi jdbi, PayloadCodec payloads) {
        this.jdbi = jdbi;
        this.payloads = payloads;
    }

    @Override
    public void commit(Batch batch) throws Fenced, Unavailable {
        // Encoded before the transaction begins, so that the locks are held no longer than needed.
        BatchColumns columns = BatchColumns.of(batch, codec, payloads);
        try {
            boolean fenced =
                    jdbi.inTransaction(handle -> {
                        if (!holds(handle, batch.epochs())) {
                            return true;
                        }
                        columns.write(handle);
                        return false;
                    });
            if (fenced) {
                throw new Fenced(
                        "shards %s are not held any more".formatted(batch.epochs().keySet()));
            }
        } catch (JdbiException | SQLException e) {
            throw unavailable(e);
        }
    }

    /** The share lock keeps a new owner from taking a shard over before this commit is done. */
    private static boolean holds(Handle handle, Map<Integer, Long> epochs) {
        Integer[] ids = epochs.keySet().toArray(Integer[]::new);
        Long[] expected = epochs.values().toArray(Long[]::new);
        int held =
                handle.createQuery(
                                """
                                select count(*) from (
                                    select s.id from shard s
                                    join unnest(:ids, :epochs) as e(id, epoch)
                                      on s.id = e.id and s.epoch = e.epoch
                                    for share of s) held
                                """)
                        .bind("ids", ids)
                        .bind("epochs", expected)
                        .mapTo(Integer.class)
                        .one();
        return held == ids.length;
    }

    @Override
    public boolean isCommitted(Batch batch) throws Unavailable {
        Entry first = batch.entries().getFirst();
        try {
            return jdbi.withHandle(handle ->
                    handle.createQuery(
                                    """
                                    select exists (select 1 from journal
                                     where execution_id = :id and seq = :seq)
                                    """)
                            .bind("id", first.id().value())
                            .bind("seq", first.seq())
                            .mapTo(Boolean.class)
                            .one());
        } catch (JdbiException e) {
            throw unavailable(e);
        }
    }

    @Override
    public Optional<Recorded> read(ExecutionId id) throws Unavailable {
        try {
            return jdbi.withHandle(handle -> {
                Head head = head(handle, id);
                if (head == null) {
                    return Optional.empty();
                }
                Snapshot snapshot = snapshot(handle, head);
                int from = snapshot == null ? 1 : snapshot.seq() + 1;
                return Optional.of(
                        new Recorded(
                                head,
                                snapshot,
                                entries(handle, head.tenant(), id, from, Integer.MAX_VALUE)));
            });
        } catch (JdbiException e) {
            throw unavailable(e);
        }
    }

    private static @Nullable Head head(Handle handle, ExecutionId id) {
        return handle.createQuery(
                        """
                        select id, tenant_id, initiator, shard, kind, namespace, name, version,
                               correlation_id, parent_id, started_at
                          from execution where id = :id
                        """)
                .bind("id", id.value())
                .map((rs, context) -> head(rs))
                .findOne()
                .orElse(null);
    }

    private static Head head(ResultSet rs) throws SQLException {
        UUID parent = rs.getObject("parent_id", UUID.class);
        return new Head(
                new ExecutionId(rs.getObject("id", UUID.class)),
                new TenantId(rs.getString("tenant_id")),
                Initiator.parse(rs.getString("initiator")),
                rs.getInt("shard"),
                new DefinitionRef(
                        DefinitionKind.values()[rs.getInt("kind")],
                        rs.getString("namespace"),
                        rs.getString("name"),
                        rs.getString("version")),
                rs.getString("correlation_id"),
                parent == null ? null : new ExecutionId(parent),
                rs.getObject("started_at", OffsetDateTime.class).toInstant());
    }

    private @Nullable Snapshot snapshot(Handle handle, Head head) {
        return handle.createQuery("select seq, body from snapshot where execution_id = :id")
                .bind("id", head.id().value())
                .map((rs, context) ->
                        new Snapshot(
                                rs.getInt("seq"),
                                codec.readImage(
                                        payloads.decode(head.tenant(), rs.getBytes("body")),
                                        digest -> blob(handle, head.tenant(), head.id(), digest))))
                .findOne()
                .orElse(null);
    }

    @Override
    public List<Entry> entries(TenantId tenant, ExecutionId id, int fromSeq, int limit)
            throws Unavailable {
        try {
            return jdbi.withHandle(handle -> entries(handle, tenant, id, fromSeq, limit));
        } catch (JdbiException e) {
            throw unavailable(e);
        }
    }

    private List<Entry> entries(
            Handle handle, TenantId tenant, ExecutionId id, int fromSeq, int limit) {
        return handle.createQuery(
                        """
                        select seq, initiator, at, body from journal
                         where execution_id = :id and seq >= :from and tenant_id = :tenant
                         order by seq limit :limit
                        """)
                .bind("id", id.value())
                .bind("from", fromSeq)
                .bind("tenant", tenant.value())
                .bind("limit", limit)
                .map((rs, context) ->
                        new Entry(
                                id,
                                tenant,
                                Initiator.parse(rs.getString("initiator")),
                                rs.getInt("seq"),
                                rs.getObject("at", OffsetDateTime.class).toInstant(),
                                codec.readEvents(
                                        payloads.decode(tenant, rs.getBytes("body")),
                                        digest -> blob(handle, tenant, id, digest))))
                .list();
    }

    private byte[] blob(Handle handle, TenantId tenant, ExecutionId id, byte[] digest) {
        byte[] stored =
                handle.createQuery(
                                "select body from blob where execution_id = :id and digest = :digest and tenant_id = :tenant")
                        .bind("id", id.value())
                        .bind("digest", digest)
                        .bind("tenant", tenant.value())
                        .mapTo(byte[].class)
                        .findOne()
                        .orElseThrow(() ->
                                new IllegalStateException(
                                        "execution %s refers to a value that is not stored"
                                                .formatted(id)));
        return payloads.decode(tenant, stored);
    }

    @Override
    public void saveSnapshot(Head head, Snapshot snapshot) throws Unavailable {
        List<BatchColumns.Blob> blobs = new ArrayList<>();
        StateImage image = snapshot.image();
        byte[] body =
                payloads.encode(
                        head.tenant(),
                        codec.write(
                                image,
                                (digest, json) ->
                                        blobs.add(
                                                new BatchColumns.Blob(
                                                        head.id(),
                                                        head.tenant(),
                                                        head.initiator(),
                                                        digest,
                                                        payloads.encode(head.tenant(), json)))));
        try {
            jdbi.useTransaction(handle -> {
                BatchColumns.writeBlobs(handle, blobs);
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

    private static Unavailable unavailable(Exception e) {
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
