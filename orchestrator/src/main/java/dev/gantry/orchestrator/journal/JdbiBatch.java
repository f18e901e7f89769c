package dev.gantry.orchestrator.journal;

import dev.gantry.orchestrator.engine.ExecutionState;
import dev.gantry.orchestrator.engine.Journal;
import dev.gantry.orchestrator.id.ExecutionId;
import dev.gantry.orchestrator.id.Initiator;
import dev.gantry.orchestrator.id.TenantId;
import dev.gantry.orchestrator.payload.PayloadCodec;
import java.sql.Array;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.function.Function;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.Jdbi;
import org.jspecify.annotations.Nullable;

/**
 * A batch as columns. Rows of a table go in one statement, whatever their number; plain JDBC
 * arrays, since this is the one place where binding costs are felt.
 */
record JdbiBatch(
        Journal.Batch batch,
        List<byte[]> bodies,
        List<byte @Nullable []> asides,
        List<byte @Nullable []> tasks,
        List<Blob> blobs,
        List<JdbiEventRows.Row> events,
        PayloadCodec payloads) {

    record Blob(ExecutionId id, TenantId tenant, Initiator initiator, byte[] digest, byte[] body) {}

    static JdbiBatch of(Journal.Batch batch, EntryCodec codec, PayloadCodec payloads) {
        List<byte[]> bodies = new ArrayList<>(batch.entries().size());
        List<byte @Nullable []> asides = new ArrayList<>(batch.entries().size());
        List<Blob> blobs = new ArrayList<>();
        for (Journal.Entry entry : batch.entries()) {
            EntryCodec.BlobSink sink = sink(entry, payloads, blobs);
            bodies.add(payloads.encode(entry.tenant(), codec.write(entry.events(), sink)));
            asides.add(aside(entry, codec, payloads, sink));
        }
        List<byte @Nullable []> tasks = new ArrayList<>(batch.heads().size());
        for (Journal.HeadChange change : batch.heads()) {
            tasks.add(tasks(change.head().tenant(), change.current(), codec, payloads));
        }
        List<JdbiEventRows.Row> events = new ArrayList<>(batch.emitted().size());
        for (Journal.Emitted emitted : batch.emitted()) {
            events.add(
                    JdbiEventRows.row(
                            emitted.head().tenant(),
                            emitted.head().initiator(),
                            emitted.event(),
                            payloads));
        }
        return new JdbiBatch(batch, bodies, asides, tasks, blobs, events, payloads);
    }

    static EntryCodec.BlobSink sink(Journal.Entry entry, PayloadCodec payloads, List<Blob> blobs) {
        return (digest, json) ->
                blobs.add(
                        new Blob(
                                entry.id(),
                                entry.tenant(),
                                entry.initiator(),
                                digest,
                                payloads.encode(entry.tenant(), json)));
    }

    /** Null for nothing. */
    static byte @Nullable [] aside(
            Journal.Entry entry,
            EntryCodec codec,
            PayloadCodec payloads,
            EntryCodec.BlobSink blobs) {
        return entry.aside().isEmpty()
                ? null
                : payloads.encode(entry.tenant(), codec.write(entry.aside(), blobs));
    }

    /** Null for none. */
    static byte @Nullable [] tasks(
            TenantId tenant,
            List<ExecutionState.CurrentTask> tasks,
            EntryCodec codec,
            PayloadCodec payloads) {
        return tasks.isEmpty() ? null : payloads.encode(tenant, codec.writeTasks(tasks));
    }

    /** Of several lanes, whose shards and executions are their own. */
    static JdbiBatch merged(List<JdbiBatch> all) {
        return new JdbiBatch(
                Journal.Batch.merged(all.stream().map(JdbiBatch::batch).toList()),
                Journal.Batch.joined(all, JdbiBatch::bodies),
                Journal.Batch.joined(all, JdbiBatch::asides),
                Journal.Batch.joined(all, JdbiBatch::tasks),
                Journal.Batch.joined(all, JdbiBatch::blobs),
                Journal.Batch.joined(all, JdbiBatch::events),
                all.getFirst().payloads);
    }

    /** Whether there is nothing beside what {@link JdbiDecisions} writes. */
    private boolean isPlain() {
        return blobs.isEmpty()
                && events.isEmpty()
                && batch.undecided().isEmpty()
                && batch.decided().isEmpty()
                && batch.opened().isEmpty()
                && batch.closed().isEmpty()
                && batch.leases().isEmpty()
                && batch.taken().isEmpty();
    }

    /** False if the shards are not held any more, and so nothing is written. */
    boolean commit(Jdbi jdbi) throws SQLException {
        // By itself the one statement is a transaction, and needs no other round trip.
        return isPlain()
                ? jdbi.withHandle(handle -> JdbiDecisions.write(handle.getConnection(), this))
                : jdbi.inTransaction(handle ->
                        JdbiDecisions.write(handle.getConnection(), this) && writeRest(handle));
    }

    private boolean writeRest(Handle handle) throws SQLException {
        Connection connection = handle.getConnection();
        JdbiLeaseRows.write(connection, batch.leases());
        JdbiPost.take(connection, batch.taken());
        insertUndecided(connection);
        deleteDecided(connection);
        writeBlobs(handle, blobs);
        JdbiEventRows.open(connection, batch.opened());
        JdbiEventRows.close(connection, batch.closed());
        // Last: the lock on the order of events is held until the commit.
        if (!events.isEmpty()) {
            JdbiEventRows.add(connection, events, batch.entries().getLast().at());
        }
        return true;
    }

    private void insertUndecided(Connection connection) throws SQLException {
        for (Journal.Undecided row : batch.undecided()) {
            try (PreparedStatement statement =
                    connection.prepareStatement(
                            """
                            insert into dead_letter (execution_id, step, tenant_id, initiator, namespace,
                                name, version, pointer, attempt, failure_code, message, since)
                            values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
                            on conflict (execution_id, step) do update
                               set attempt = excluded.attempt, failure_code = excluded.failure_code,
                                   message = excluded.message, since = excluded.since
                            """)) {
                Journal.Head head = row.head();
                statement.setObject(1, head.id().value());
                statement.setInt(2, row.step());
                statement.setString(3, head.tenant().value());
                statement.setString(4, head.initiator().toString());
                statement.setString(5, head.definition().namespace());
                statement.setString(6, head.definition().name());
                statement.setString(7, head.definition().version());
                statement.setString(8, row.pointer());
                statement.setInt(9, row.attempt());
                statement.setString(10, row.code().replace('\u0000', '\ufffd'));
                statement.setString(
                        11,
                        payloads.encode(head.tenant(), row.message().replace('\u0000', '\ufffd')));
                statement.setObject(12, JdbiJournal.utc(row.since()));
                statement.executeUpdate();
            }
        }
    }

    private void deleteDecided(Connection connection) throws SQLException {
        List<Journal.StepRef> rows = batch.decided();
        if (rows.isEmpty()) {
            return;
        }
        try (PreparedStatement statement =
                connection.prepareStatement(
                        """
                        delete from dead_letter d using unnest(?::uuid[], ?::int[]) as u(id, step)
                         where d.execution_id = u.id and (u.step = 0 or d.step = u.step)
                        """)) {
            statement.setArray(1, uuids(connection, rows, r -> r.id().value()));
            statement.setArray(2, ints(connection, rows, Journal.StepRef::step));
            statement.executeUpdate();
        }
    }

    static void writeBlobs(Handle handle, List<Blob> blobs) {
        for (Blob blob : blobs) {
            handle.createUpdate(
                            """
                            insert into blob (execution_id, digest, tenant_id, initiator, body)
                            values (:id, :digest, :tenant, :initiator, :body)
                            on conflict (execution_id, digest) do nothing
                            """)
                    .bind("id", blob.id().value())
                    .bind("digest", blob.digest())
                    .bind("tenant", blob.tenant().value())
                    .bind("initiator", blob.initiator().toString())
                    .bind("body", blob.body())
                    .execute();
        }
    }

    static <T> Array uuids(Connection c, List<T> rows, Function<T, @Nullable UUID> of)
            throws SQLException {
        return c.createArrayOf("uuid", rows.stream().map(of).toArray());
    }

    static <T> Array texts(Connection c, List<T> rows, Function<T, @Nullable String> of)
            throws SQLException {
        // PostgreSQL's text has no character 0; what stands there is for people to find and read.
        return c.createArrayOf(
                "text",
                rows.stream()
                        .map(of)
                        .map(text -> text == null ? null : text.replace('\u0000', '\ufffd'))
                        .toArray());
    }

    static <T> Array ints(Connection c, List<T> rows, Function<T, @Nullable Integer> of)
            throws SQLException {
        return c.createArrayOf("int4", rows.stream().map(of).toArray());
    }

    static <T extends @Nullable Object> Array bytes(
            Connection c, List<T> rows, Function<T, byte @Nullable []> of) throws SQLException {
        return c.createArrayOf("bytea", rows.stream().map(of).toArray(byte[][]::new));
    }

    static <T> Array times(Connection c, List<T> rows, Function<T, @Nullable Instant> of)
            throws SQLException {
        return c.createArrayOf(
                "timestamptz",
                rows.stream().map(of).map(at -> at == null ? null : at.toString()).toArray());
    }
}
