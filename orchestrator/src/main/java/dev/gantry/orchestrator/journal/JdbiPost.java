package dev.gantry.orchestrator.journal;

import dev.gantry.orchestrator.engine.Event;
import dev.gantry.orchestrator.engine.Journal;
import dev.gantry.orchestrator.engine.Message;
import dev.gantry.orchestrator.engine.Post;
import dev.gantry.orchestrator.id.ExecutionId;
import dev.gantry.orchestrator.id.Initiator;
import dev.gantry.orchestrator.id.TenantId;
import dev.gantry.orchestrator.payload.PayloadCodec;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.time.Duration;
import java.time.OffsetDateTime;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.Jdbi;
import org.jspecify.annotations.Nullable;

/** Messages between nodes as rows, which are gone as soon as they are taken. */
final class JdbiPost implements Post {
    private final Jdbi jdbi;
    private final PayloadCodec payloads;
    private final EntryCodec codec = new EntryCodec();

    JdbiPost(Jdbi jdbi, PayloadCodec payloads) {
        this.jdbi = jdbi;
        this.payloads = payloads;
    }

    private record Owner(TenantId tenant, Initiator initiator) {}

    @Override
    public Optional<Long> send(ExecutionId id, int shard, Message message, @Nullable UUID asker)
            throws Full {
        return jdbi.inTransaction(handle -> {
            Optional<Owner> owner =
                    message instanceof Message.Start(Event.ExecutionStarted started)
                            ? Optional.of(
                                    new Owner(
                                            new TenantId(started.tenant()),
                                            Initiator.parse(started.initiator())))
                            : owner(handle, id);
            if (owner.isEmpty()) {
                return Optional.empty();
            }
            if (asker != null && waiting(handle, shard) > MOST) {
                throw new Full(shard);
            }
            return Optional.of(insert(handle, id, shard, owner.get(), message, asker));
        });
    }

    private static Optional<Owner> owner(Handle handle, ExecutionId id) {
        return handle.createQuery("select tenant_id, initiator from execution where id = :id")
                .bind("id", id.value())
                .map((rs, context) ->
                        new Owner(new TenantId(rs.getString(1)), Initiator.parse(rs.getString(2))))
                .findOne();
    }

    private static int waiting(Handle handle, int shard) {
        return handle.createQuery(
                        """
                        select count(*) from (select 1 from letter
                         where shard = :shard and answered_at is null limit :most) w
                        """)
                .bind("shard", shard)
                .bind("most", MOST + 1)
                .mapTo(Integer.class)
                .one();
    }

    private long insert(
            Handle handle,
            ExecutionId id,
            int shard,
            Owner owner,
            Message message,
            @Nullable UUID asker) {
        return handle.createQuery(
                        """
                        insert into letter (shard, execution_id, tenant_id, initiator, body, sent_at, asker)
                        values (:shard, :id, :tenant, :initiator, :body, now(), :asker)
                        returning id
                        """)
                .bind("shard", shard)
                .bind("id", id.value())
                .bind("tenant", owner.tenant().value())
                .bind("initiator", owner.initiator().toString())
                .bind("body", payloads.encode(owner.tenant(), codec.write(message)))
                .bind("asker", asker)
                .mapTo(Long.class)
                .one();
    }

    @Override
    public List<Arrived> arrived(Collection<Integer> shards, Collection<Long> known, int limit) {
        return jdbi.withHandle(handle ->
                handle.createQuery(
                                """
                                select id, execution_id, tenant_id, body, sent_at from letter
                                 where shard = any(:shards) and answered_at is null and not (id = any(:known))
                                 order by id limit :limit
                                """)
                        .bind("shards", shards.toArray(Integer[]::new))
                        .bind("known", known.toArray(Long[]::new))
                        .bind("limit", limit)
                        .map((rs, context) ->
                                new Arrived(
                                        rs.getLong("id"),
                                        new ExecutionId(rs.getObject("execution_id", UUID.class)),
                                        codec.readMessage(
                                                payloads.decode(
                                                        new TenantId(rs.getString("tenant_id")),
                                                        rs.getBytes("body"))),
                                        rs.getObject("sent_at", OffsetDateTime.class).toInstant()))
                        .list());
    }

    /** In the commit of what they led to. */
    static void take(Connection connection, List<Journal.Taken> taken) throws SQLException {
        if (taken.isEmpty()) {
            return;
        }
        try (PreparedStatement answered =
                        connection.prepareStatement(
                                """
                                update letter l set answered_at = now(), refusal = u.refusal
                                  from unnest(?::bigint[], ?::text[]) as u(id, refusal)
                                 where l.id = u.id and l.asker is not null
                                """);
                PreparedStatement done =
                        connection.prepareStatement(
                                "delete from letter where id = any(?::bigint[]) and asker is null")) {
            answered.setArray(
                    1,
                    connection.createArrayOf(
                            "int8", taken.stream().map(Journal.Taken::number).toArray()));
            answered.setArray(
                    2,
                    JdbiBatch.texts(
                            connection,
                            taken,
                            one -> one.refusal() == null ? null : one.refusal().toString()));
            answered.executeUpdate();
            done.setArray(
                    1,
                    connection.createArrayOf(
                            "int8", taken.stream().map(Journal.Taken::number).toArray()));
            done.executeUpdate();
        }
    }

    @Override
    public Map<Long, Answer> answers(Collection<Long> numbers) {
        return jdbi.withHandle(handle ->
                handle.createQuery(
                                """
                                delete from letter
                                 where id = any(:numbers) and answered_at is not null
                                returning id, refusal
                                """)
                        .bind("numbers", numbers.toArray(Long[]::new))
                        .reduceRows(
                                new HashMap<>(),
                                (answers, row) -> {
                                    String refusal = row.getColumn("refusal", String.class);
                                    answers.put(
                                            row.getColumn("id", Long.class),
                                            new Answer(
                                                    refusal == null
                                                            ? null
                                                            : Refusal.parse(refusal)));
                                    return answers;
                                }));
    }

    @Override
    public void forget(Duration age) {
        jdbi.useHandle(handle ->
                handle.createUpdate(
                                """
                                delete from letter
                                 where asker is not null and answered_at < now() - :age * interval '1 millisecond'
                                """)
                        .bind("age", age.toMillis())
                        .execute());
    }
}
