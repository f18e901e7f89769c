package dev.gantry.orchestrator.journal;

import static dev.gantry.orchestrator.journal.JdbiBatch.ints;
import static dev.gantry.orchestrator.journal.JdbiBatch.texts;
import static dev.gantry.orchestrator.journal.JdbiBatch.times;
import static dev.gantry.orchestrator.journal.JdbiBatch.uuids;

import dev.gantry.orchestrator.engine.Journal;
import dev.gantry.orchestrator.id.ExecutionId;
import java.sql.Array;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * What every commit writes: executions that are new, entries of the journal, executions that are
 * not as they were; and the fence, without which none of it is written. One statement, since at
 * small batches a commit costs what its round trips cost.
 *
 * <p>The fence is a lock on the shards' rows that keeps a new owner from taking one over before
 * this commit is done. A key share lock, which does not wait for the lease's renewal; in the order
 * of the ids, as every lock on more than one shard.
 */
final class JdbiDecisions {
    private static final String HELD =
            """
            select count(*) as shards from (
                select s.id from shard s
                  join unnest(?::int[], ?::bigint[]) as e(id, epoch)
                    on s.id = e.id and s.epoch = e.epoch
                 order by s.id for key share of s) locked
            """;

    private static final String WHICH =
            """
            select s.id from shard s
              join unnest(?::int[], ?::bigint[]) as e(id, epoch)
                on s.id = e.id and s.epoch = e.epoch
            """;

    /** Not before every commit that is under way for the shards has ended. */
    private static final String HELD_ALONE = HELD.replace("for key share", "for update");

    private static final String WRITE =
            """
            with held as materialized (%s),
            created as (
                insert into execution (id, tenant_id, shard, kind, namespace, name, version,
                    status, residence, correlation_id, initiator, parent_id, started_at,
                    ended_at, wake_at, error_code, entries)
                select u.* from unnest(?::uuid[], ?::text[], ?::int[], ?::int[], ?::text[], ?::text[],
                    ?::text[], ?::int[], ?::int[], ?::text[], ?::text[], ?::uuid[],
                    ?::timestamptz[], ?::timestamptz[], ?::timestamptz[], ?::text[], ?::int[]) u
                 where (select shards from held) = ?),
            written as (
                insert into journal (execution_id, seq, tenant_id, initiator, at, body)
                select u.* from unnest(?::uuid[], ?::int[], ?::text[], ?::text[],
                    ?::timestamptz[], ?::bytea[]) u
                 where (select shards from held) = ?),
            changed as (
                update execution x
                   set status = u.status, residence = u.residence, ended_at = u.ended_at,
                       wake_at = u.wake_at, error_code = u.error_code, entries = u.entries
                  from unnest(?::uuid[], ?::int[], ?::int[], ?::timestamptz[], ?::timestamptz[],
                              ?::text[], ?::int[])
                    as u(id, status, residence, ended_at, wake_at, error_code, entries)
                 where x.id = u.id and (select shards from held) = ?)
            select shards from held
            """
                    .formatted(HELD);

    private JdbiDecisions() {}

    /** Whether the node holds the shards, and so has written. */
    static boolean write(Connection connection, Journal.Batch batch, List<byte[]> bodies)
            throws SQLException {
        List<Journal.HeadChange> heads = batch.heads();
        Row row = new Row(connection);
        int shards = batch.epochs().size();
        try (PreparedStatement statement = connection.prepareStatement(WRITE)) {
            row.fence(batch.epochs());
            row.created(heads.stream().filter(Journal.HeadChange::created).toList());
            row.number(shards);
            row.entries(batch.entries(), bodies);
            row.number(shards);
            row.changed(heads.stream().filter(head -> !head.created()).toList());
            row.number(shards);
            row.bind(statement);
            return count(statement) == shards;
        }
    }

    /**
     * Whether the node holds them, and goes on to do so until the transaction ends. A commit whose
     * answer was lost may still be under way in the database, which does not need its client to end
     * it: this waits for its end, so that what is read next is the last word.
     */
    static boolean holdsAlone(Connection connection, Map<Integer, Long> epochs)
            throws SQLException {
        Row row = new Row(connection);
        try (PreparedStatement statement = connection.prepareStatement(HELD_ALONE)) {
            row.fence(epochs);
            row.bind(statement);
            return count(statement) == epochs.size();
        }
    }

    /** Those of the shards that the node holds. */
    static Set<Integer> held(Connection connection, Map<Integer, Long> epochs) throws SQLException {
        Row row = new Row(connection);
        try (PreparedStatement statement = connection.prepareStatement(WHICH)) {
            row.fence(epochs);
            row.bind(statement);
            Set<Integer> held = new HashSet<>();
            try (ResultSet rows = statement.executeQuery()) {
                while (rows.next()) {
                    held.add(rows.getInt(1));
                }
            }
            return held;
        }
    }

    private static int count(PreparedStatement statement) throws SQLException {
        try (ResultSet held = statement.executeQuery()) {
            held.next();
            return held.getInt(1);
        }
    }

    /** The parameters, in their order. */
    private static final class Row {
        private final Connection connection;
        private final List<Object> parameters = new ArrayList<>();

        Row(Connection connection) {
            this.connection = connection;
        }

        void number(int value) {
            parameters.add(value);
        }

        private void add(Array array) {
            parameters.add(array);
        }

        void fence(Map<Integer, Long> epochs) throws SQLException {
            add(connection.createArrayOf("int4", epochs.keySet().toArray()));
            add(connection.createArrayOf("int8", epochs.values().toArray()));
        }

        void created(List<Journal.HeadChange> rows) throws SQLException {
            add(uuids(connection, rows, r -> r.head().id().value()));
            add(texts(connection, rows, r -> r.head().tenant().value()));
            add(ints(connection, rows, r -> r.head().shard()));
            add(ints(connection, rows, r -> StoredCodes.of(r.head().definition().kind())));
            add(texts(connection, rows, r -> r.head().definition().namespace()));
            add(texts(connection, rows, r -> r.head().definition().name()));
            add(texts(connection, rows, r -> r.head().definition().version()));
            add(ints(connection, rows, r -> StoredCodes.of(r.status())));
            add(ints(connection, rows, r -> StoredCodes.of(r.residence())));
            add(texts(connection, rows, r -> r.head().correlationId()));
            add(texts(connection, rows, r -> r.head().initiator().toString()));
            add(uuids(connection, rows, r -> value(r.head().parent())));
            add(times(connection, rows, r -> r.head().startedAt()));
            add(times(connection, rows, Journal.HeadChange::endedAt));
            add(times(connection, rows, Journal.HeadChange::wakeAt));
            add(texts(connection, rows, Journal.HeadChange::errorCode));
            add(ints(connection, rows, Journal.HeadChange::entries));
        }

        void entries(List<Journal.Entry> rows, List<byte[]> bodies) throws SQLException {
            add(uuids(connection, rows, e -> e.id().value()));
            add(ints(connection, rows, Journal.Entry::seq));
            add(texts(connection, rows, e -> e.tenant().value()));
            add(texts(connection, rows, e -> e.initiator().toString()));
            add(times(connection, rows, Journal.Entry::at));
            add(connection.createArrayOf("bytea", bodies.toArray(byte[][]::new)));
        }

        void changed(List<Journal.HeadChange> rows) throws SQLException {
            add(uuids(connection, rows, r -> r.head().id().value()));
            add(ints(connection, rows, r -> StoredCodes.of(r.status())));
            add(ints(connection, rows, r -> StoredCodes.of(r.residence())));
            add(times(connection, rows, Journal.HeadChange::endedAt));
            add(times(connection, rows, Journal.HeadChange::wakeAt));
            add(texts(connection, rows, Journal.HeadChange::errorCode));
            add(ints(connection, rows, Journal.HeadChange::entries));
        }

        private static @Nullable UUID value(@Nullable ExecutionId id) {
            return id == null ? null : id.value();
        }

        void bind(PreparedStatement statement) throws SQLException {
            int at = 1;
            for (Object parameter : parameters) {
                if (parameter instanceof Array array) {
                    statement.setArray(at, array);
                } else {
                    statement.setInt(at, (Integer) parameter);
                }
                at++;
            }
        }
    }
}
