package dev.gantry.orchestrator.journal;

import dev.gantry.orchestrator.engine.Journal;
import dev.gantry.orchestrator.id.ExecutionId;
import dev.gantry.orchestrator.id.Initiator;
import dev.gantry.orchestrator.id.TenantId;
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
import org.jspecify.annotations.Nullable;

/**
 * A batch as columns. Each table gets one statement whatever the number of rows; plain JDBC arrays,
 * since this is the one place where binding costs are felt.
 */
record JdbiBatch(
        Journal.Batch batch,
        List<byte[]> bodies,
        List<Blob> blobs,
        List<JdbiEventRows.Row> events) {

    record Blob(ExecutionId id, TenantId tenant, Initiator initiator, byte[] digest, byte[] body) {}

    static JdbiBatch of(Journal.Batch batch, EntryCodec codec, PayloadCodec payloads) {
        List<byte[]> bodies = new ArrayList<>(batch.entries().size());
        List<Blob> blobs = new ArrayList<>();
        for (Journal.Entry entry : batch.entries()) {
            byte[] plain =
                    codec.write(
                            entry.events(),
                            (digest, json) ->
                                    blobs.add(
                                            new Blob(
                                                    entry.id(),
                                                    entry.tenant(),
                                                    entry.initiator(),
                                                    digest,
                                                    payloads.encode(entry.tenant(), json))));
            bodies.add(payloads.encode(entry.tenant(), plain));
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
        return new JdbiBatch(batch, bodies, blobs, events);
    }

    void write(Handle handle) throws SQLException {
        Connection connection = handle.getConnection();
        insertHeads(connection);
        insertEntries(connection);
        updateHeads(connection);
        insertUndecided(connection);
        deleteDecided(connection);
        writeBlobs(handle, blobs);
        JdbiEventRows.open(connection, batch.opened());
        JdbiEventRows.close(connection, batch.closed());
        // Last: the lock on the order of events is held until the commit.
        if (!events.isEmpty()) {
            JdbiEventRows.add(connection, events, batch.entries().getLast().at());
        }
    }

    private void insertEntries(Connection connection) throws SQLException {
        List<Journal.Entry> rows = batch.entries();
        try (PreparedStatement statement =
                connection.prepareStatement(
                        """
                        insert into journal (execution_id, seq, tenant_id, initiator, at, body)
                        select * from unnest(?::uuid[], ?::int[], ?::text[], ?::text[],
                                             ?::timestamptz[], ?::bytea[])
                        """)) {
            statement.setArray(1, uuids(connection, rows, e -> e.id().value()));
            statement.setArray(2, ints(connection, rows, Journal.Entry::seq));
            statement.setArray(3, texts(connection, rows, e -> e.tenant().value()));
            statement.setArray(4, texts(connection, rows, e -> e.initiator().toString()));
            statement.setArray(5, times(connection, rows, Journal.Entry::at));
            statement.setArray(6, connection.createArrayOf("bytea", bodies.toArray(byte[][]::new)));
            statement.executeUpdate();
        }
    }

    private void insertHeads(Connection connection) throws SQLException {
        List<Journal.HeadChange> rows =
                batch.heads().stream().filter(Journal.HeadChange::created).toList();
        if (rows.isEmpty()) {
            return;
        }
        try (PreparedStatement statement =
                connection.prepareStatement(
                        """
                        insert into execution (id, tenant_id, shard, kind, namespace, name, version,
                            status, residence, correlation_id, initiator, parent_id, started_at,
                            ended_at, wake_at, error_code, entries)
                        select * from unnest(?::uuid[], ?::text[], ?::int[], ?::int[], ?::text[], ?::text[],
                            ?::text[], ?::int[], ?::int[], ?::text[], ?::text[], ?::uuid[],
                            ?::timestamptz[], ?::timestamptz[], ?::timestamptz[], ?::text[], ?::int[])
                        """)) {
            statement.setArray(1, uuids(connection, rows, r -> r.head().id().value()));
            statement.setArray(2, texts(connection, rows, r -> r.head().tenant().value()));
            statement.setArray(3, ints(connection, rows, r -> r.head().shard()));
            statement.setArray(
                    4, ints(connection, rows, r -> StoredCodes.of(r.head().definition().kind())));
            statement.setArray(5, texts(connection, rows, r -> r.head().definition().namespace()));
            statement.setArray(6, texts(connection, rows, r -> r.head().definition().name()));
            statement.setArray(7, texts(connection, rows, r -> r.head().definition().version()));
            statement.setArray(8, ints(connection, rows, r -> StoredCodes.of(r.status())));
            statement.setArray(9, ints(connection, rows, r -> StoredCodes.of(r.residence())));
            statement.setArray(10, texts(connection, rows, r -> r.head().correlationId()));
            statement.setArray(11, texts(connection, rows, r -> r.head().initiator().toString()));
            statement.setArray(12, uuids(connection, rows, r -> value(r.head().parent())));
            statement.setArray(13, times(connection, rows, r -> r.head().startedAt()));
            statement.setArray(14, times(connection, rows, Journal.HeadChange::endedAt));
            statement.setArray(15, times(connection, rows, Journal.HeadChange::wakeAt));
            statement.setArray(16, texts(connection, rows, Journal.HeadChange::errorCode));
            statement.setArray(17, ints(connection, rows, Journal.HeadChange::entries));
            statement.executeUpdate();
        }
    }

    private void updateHeads(Connection connection) throws SQLException {
        List<Journal.HeadChange> rows =
                batch.heads().stream().filter(row -> !row.created()).toList();
        if (rows.isEmpty()) {
            return;
        }
        try (PreparedStatement statement =
                connection.prepareStatement(
                        """
                        update execution x
                           set status = u.status, residence = u.residence, ended_at = u.ended_at,
                               wake_at = u.wake_at, error_code = u.error_code, entries = u.entries
                          from unnest(?::uuid[], ?::int[], ?::int[], ?::timestamptz[], ?::timestamptz[],
                                      ?::text[], ?::int[])
                            as u(id, status, residence, ended_at, wake_at, error_code, entries)
                         where x.id = u.id
                        """)) {
            statement.setArray(1, uuids(connection, rows, r -> r.head().id().value()));
            statement.setArray(2, ints(connection, rows, r -> StoredCodes.of(r.status())));
            statement.setArray(3, ints(connection, rows, r -> StoredCodes.of(r.residence())));
            statement.setArray(4, times(connection, rows, Journal.HeadChange::endedAt));
            statement.setArray(5, times(connection, rows, Journal.HeadChange::wakeAt));
            statement.setArray(6, texts(connection, rows, Journal.HeadChange::errorCode));
            statement.setArray(7, ints(connection, rows, Journal.HeadChange::entries));
            statement.executeUpdate();
        }
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
                statement.setString(11, row.message().replace('\u0000', '\ufffd'));
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

    private static @Nullable UUID value(@Nullable ExecutionId id) {
        return id == null ? null : id.value();
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

    static <T> Array ints(Connection c, List<T> rows, Function<T, Integer> of) throws SQLException {
        return c.createArrayOf("int4", rows.stream().map(of).toArray());
    }

    static <T> Array times(Connection c, List<T> rows, Function<T, @Nullable Instant> of)
            throws SQLException {
        return c.createArrayOf(
                "timestamptz",
                rows.stream().map(of).map(at -> at == null ? null : at.toString()).toArray());
    }
}
