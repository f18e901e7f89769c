package dev.gantry.orchestrator.journal;

import static dev.gantry.orchestrator.journal.JdbiBatch.ints;
import static dev.gantry.orchestrator.journal.JdbiBatch.texts;
import static dev.gantry.orchestrator.journal.JdbiBatch.times;
import static dev.gantry.orchestrator.journal.JdbiBatch.uuids;

import dev.gantry.orchestrator.engine.Journal.LeaseChange;
import dev.gantry.orchestrator.engine.Lease;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.List;

/** Leases of steps, written with the entries that they follow from. */
final class JdbiLeaseRows {
    private JdbiLeaseRows() {}

    static void write(Connection connection, List<LeaseChange> changes) throws SQLException {
        if (changes.isEmpty()) {
            return;
        }
        List<LeaseChange> gone = changes.stream().filter(LeaseChange::isGone).toList();
        List<LeaseChange> there = changes.stream().filter(change -> !change.isGone()).toList();
        if (!gone.isEmpty()) {
            delete(connection, gone);
        }
        if (!there.isEmpty()) {
            put(connection, there);
        }
        List<LeaseChange> replacing =
                there.stream()
                        .filter(change ->
                                change.lease().state() == Lease.State.PROVISIONED
                                        && change.lease().attempt() > 1)
                        .toList();
        if (!replacing.isEmpty()) {
            replace(connection, replacing);
        }
    }

    private static void put(Connection connection, List<LeaseChange> rows) throws SQLException {
        try (PreparedStatement statement =
                connection.prepareStatement(
                        """
                        insert into lease as l (execution_id, step, attempt, shard, tenant_id,
                            initiator, kind, namespace, name, version, adapter, external_name,
                            function, state, reason, since, changed_at)
                        select u.*, u.at from unnest(?::uuid[], ?::int[], ?::int[], ?::int[],
                            ?::text[], ?::text[], ?::int[], ?::text[], ?::text[], ?::text[],
                            ?::text[], ?::text[], ?::text[], ?::int[], ?::text[], ?::timestamptz[])
                            as u(id, step, attempt, shard, tenant, initiator, kind, namespace, name,
                                 version, adapter, external_name, function, state, reason, at)
                        on conflict (execution_id, step, attempt) do update
                           set state = excluded.state, reason = excluded.reason,
                               changed_at = excluded.changed_at
                         where l.state <> excluded.state
                            or l.reason is distinct from excluded.reason
                        """)) {
            statement.setArray(1, uuids(connection, rows, r -> r.head().id().value()));
            statement.setArray(2, ints(connection, rows, r -> r.lease().step()));
            statement.setArray(3, ints(connection, rows, r -> r.lease().attempt()));
            statement.setArray(4, ints(connection, rows, r -> r.head().shard()));
            statement.setArray(5, texts(connection, rows, r -> r.head().tenant().value()));
            statement.setArray(6, texts(connection, rows, r -> r.head().initiator().toString()));
            statement.setArray(
                    7, ints(connection, rows, r -> StoredCodes.of(r.head().definition().kind())));
            statement.setArray(8, texts(connection, rows, r -> r.head().definition().namespace()));
            statement.setArray(9, texts(connection, rows, r -> r.head().definition().name()));
            statement.setArray(10, texts(connection, rows, r -> r.head().definition().version()));
            statement.setArray(11, texts(connection, rows, r -> r.lease().adapter()));
            statement.setArray(12, texts(connection, rows, LeaseChange::externalName));
            statement.setArray(
                    13,
                    texts(
                            connection,
                            rows,
                            r ->
                                    r.lease().function() == null
                                            ? null
                                            : r.lease().function().toString()));
            statement.setArray(14, ints(connection, rows, r -> StoredCodes.of(r.lease().state())));
            statement.setArray(15, texts(connection, rows, r -> r.lease().reason()));
            statement.setArray(16, times(connection, rows, LeaseChange::at));
            statement.executeUpdate();
        }
    }

    private static void delete(Connection connection, List<LeaseChange> rows) throws SQLException {
        try (PreparedStatement statement =
                connection.prepareStatement(
                        """
                        delete from lease l
                         using unnest(?::uuid[], ?::int[], ?::int[]) as u(id, step, attempt)
                         where l.execution_id = u.id and l.step = u.step and l.attempt = u.attempt
                        """)) {
            statement.setArray(1, uuids(connection, rows, r -> r.head().id().value()));
            statement.setArray(2, ints(connection, rows, r -> r.lease().step()));
            statement.setArray(3, ints(connection, rows, r -> r.lease().attempt()));
            statement.executeUpdate();
        }
    }

    /** What an earlier attempt left was removed by the adapter: both have one name. */
    private static void replace(Connection connection, List<LeaseChange> rows) throws SQLException {
        try (PreparedStatement statement =
                connection.prepareStatement(
                        """
                        update lease l
                           set state = ?, changed_at = u.at,
                               reason = concat_ws('; ', l.reason,
                                   'attempt ' || u.attempt || ' took its place')
                          from unnest(?::uuid[], ?::int[], ?::int[], ?::text[], ?::timestamptz[])
                            as u(id, step, attempt, adapter, at)
                         where l.execution_id = u.id and l.step = u.step and l.attempt < u.attempt
                           and l.adapter = u.adapter and l.state <> ?
                        """)) {
            statement.setInt(1, StoredCodes.of(Lease.State.REMOVED));
            statement.setArray(2, uuids(connection, rows, r -> r.head().id().value()));
            statement.setArray(3, ints(connection, rows, r -> r.lease().step()));
            statement.setArray(4, ints(connection, rows, r -> r.lease().attempt()));
            statement.setArray(5, texts(connection, rows, r -> r.lease().adapter()));
            statement.setArray(6, times(connection, rows, LeaseChange::at));
            statement.setInt(7, StoredCodes.of(Lease.State.REMOVED));
            statement.executeUpdate();
        }
    }
}
