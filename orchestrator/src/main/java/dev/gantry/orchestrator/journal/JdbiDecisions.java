package dev.gantry.orchestrator.journal;

import static dev.gantry.orchestrator.journal.JdbiBatch.bytes;
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
 * of the ids, as every lock on more than one shard. An execution's row is locked before those of
 * its steps, as when they are rebuilt.
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
                    ended_at, wake_at, error_code, entries, readable, ended_by, current_tasks)
                select u.* from unnest(?::uuid[], ?::text[], ?::int[], ?::int[], ?::text[], ?::text[],
                    ?::text[], ?::int[], ?::int[], ?::text[], ?::text[], ?::uuid[],
                    ?::timestamptz[], ?::timestamptz[], ?::timestamptz[], ?::text[], ?::int[], ?::int[],
                    ?::int[], ?::bytea[]) u
                 where (select shards from held) = ?),
            written as (
                insert into journal (execution_id, seq, tenant_id, initiator, at, body, aside)
                select u.* from unnest(?::uuid[], ?::int[], ?::text[], ?::text[],
                    ?::timestamptz[], ?::bytea[], ?::bytea[]) u
                 where (select shards from held) = ?),
            changed as (
                update execution x
                   set status = u.status, residence = u.residence, ended_at = u.ended_at,
                       wake_at = u.wake_at, error_code = u.error_code, entries = u.entries,
                       readable = case when x.readable = x.entries then u.entries else x.readable end,
                       ended_by = case when u.ended_at is null then null
                                       else coalesce(u.ended_by, x.ended_by) end,
                       current_tasks = u.tasks
                  from unnest(?::uuid[], ?::int[], ?::int[], ?::timestamptz[], ?::timestamptz[],
                              ?::text[], ?::int[], ?::int[], ?::bytea[])
                    as u(id, status, residence, ended_at, wake_at, error_code, entries, ended_by, tasks)
                 where x.id = u.id and (select shards from held) = ?
                returning 1),
            stepped as (
                insert into step_entry as s (execution_id, step, tenant_id, entries)
                select u.id, u.step, u.tenant, array_agg(u.entry order by u.entry)
                  from unnest(?::uuid[], ?::int[], ?::text[], ?::int[]) as u(id, step, tenant, entry)
                 where (select shards from held) = ? and (select count(*) from changed) >= 0
                 group by u.id, u.step, u.tenant
                on conflict (execution_id, step) do update
                   set entries = s.entries || excluded.entries)
            select shards from held
            """
                    .formatted(HELD);

    private JdbiDecisions() {}

    private record Head(Journal.HeadChange change, byte @Nullable [] tasks) {}

    /** Whether the node holds the shards, and so has written. */
    static boolean write(Connection connection, JdbiBatch columns) throws SQLException {
        Journal.Batch batch = columns.batch();
        List<Head> heads = new ArrayList<>(batch.heads().size());
        for (int i = 0; i < batch.heads().size(); i++) {
            heads.add(new Head(batch.heads().get(i), columns.tasks().get(i)));
        }
        Row row = new Row(connection);
        int shards = batch.epochs().size();
        try (PreparedStatement statement = connection.prepareStatement(WRITE)) {
            row.fence(batch.epochs());
            row.created(heads.stream().filter(head -> head.change().created()).toList());
            row.number(shards);
            row.entries(columns);
            row.number(shards);
            row.changed(heads.stream().filter(head -> !head.change().created()).toList());
            row.number(shards);
            row.steps(batch.steps());
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

        void created(List<Head> rows) throws SQLException {
            add(uuids(connection, rows, r -> r.change().head().id().value()));
            add(texts(connection, rows, r -> r.change().head().tenant().value()));
            add(ints(connection, rows, r -> r.change().head().shard()));
            add(ints(connection, rows, r -> StoredCodes.of(r.change().head().definition().kind())));
            add(texts(connection, rows, r -> r.change().head().definition().namespace()));
            add(texts(connection, rows, r -> r.change().head().definition().name()));
            add(texts(connection, rows, r -> r.change().head().definition().version()));
            add(ints(connection, rows, r -> StoredCodes.of(r.change().status())));
            add(ints(connection, rows, r -> StoredCodes.of(r.change().residence())));
            add(texts(connection, rows, r -> r.change().head().correlationId()));
            add(texts(connection, rows, r -> r.change().head().initiator().toString()));
            add(uuids(connection, rows, r -> value(r.change().head().parent())));
            add(times(connection, rows, r -> r.change().head().startedAt()));
            add(times(connection, rows, r -> r.change().endedAt()));
            add(times(connection, rows, r -> r.change().wakeAt()));
            add(texts(connection, rows, r -> r.change().errorCode()));
            add(ints(connection, rows, r -> r.change().entries()));
            add(ints(connection, rows, r -> r.change().entries()));
            add(ints(connection, rows, r -> r.change().endedBy()));
            add(bytes(connection, rows, Head::tasks));
        }

        void entries(JdbiBatch columns) throws SQLException {
            List<Journal.Entry> rows = columns.batch().entries();
            add(uuids(connection, rows, e -> e.id().value()));
            add(ints(connection, rows, Journal.Entry::seq));
            add(texts(connection, rows, e -> e.tenant().value()));
            add(texts(connection, rows, e -> e.initiator().toString()));
            add(times(connection, rows, Journal.Entry::at));
            add(bytes(connection, columns.bodies(), body -> body));
            add(bytes(connection, columns.asides(), aside -> aside));
        }

        void changed(List<Head> rows) throws SQLException {
            add(uuids(connection, rows, r -> r.change().head().id().value()));
            add(ints(connection, rows, r -> StoredCodes.of(r.change().status())));
            add(ints(connection, rows, r -> StoredCodes.of(r.change().residence())));
            add(times(connection, rows, r -> r.change().endedAt()));
            add(times(connection, rows, r -> r.change().wakeAt()));
            add(texts(connection, rows, r -> r.change().errorCode()));
            add(ints(connection, rows, r -> r.change().entries()));
            add(ints(connection, rows, r -> r.change().endedBy()));
            add(bytes(connection, rows, Head::tasks));
        }

        void steps(List<Journal.StepEntry> rows) throws SQLException {
            add(uuids(connection, rows, r -> r.head().id().value()));
            add(ints(connection, rows, Journal.StepEntry::step));
            add(texts(connection, rows, r -> r.head().tenant().value()));
            add(ints(connection, rows, Journal.StepEntry::entry));
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
