package dev.gantry.orchestrator.journal;

import com.fasterxml.jackson.databind.JsonNode;
import dev.gantry.orchestrator.engine.CloudEvents;
import dev.gantry.orchestrator.id.DefinitionRef;
import dev.gantry.orchestrator.id.ExecutionId;
import dev.gantry.orchestrator.id.Initiator;
import dev.gantry.orchestrator.id.Json;
import dev.gantry.orchestrator.id.TenantId;
import dev.gantry.orchestrator.payload.PayloadCodec;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.Jdbi;
import org.jspecify.annotations.Nullable;

/** Events and listeners in PostgreSQL. */
final class JdbiCloudEvents implements CloudEvents {
    private static final UUID FIRST = new UUID(0, 0);

    private final Jdbi jdbi;
    private final PayloadCodec payloads;
    private final Clock clock;

    JdbiCloudEvents(Jdbi jdbi, PayloadCodec payloads, Clock clock) {
        this.clock = clock;
        this.jdbi = jdbi;
        this.payloads = payloads;
    }

    @Override
    public int add(TenantId tenant, Initiator initiator, List<JsonNode> events) {
        List<JdbiEventRows.Row> rows =
                events.stream()
                        .map(event -> JdbiEventRows.row(tenant, initiator, event, payloads))
                        .toList();
        try {
            return jdbi.inTransaction(
                    handle -> JdbiEventRows.add(handle.getConnection(), rows, clock.instant()));
        } catch (SQLException e) {
            throw new IllegalStateException("the events cannot be stored", e);
        }
    }

    @Override
    public List<Stored> after(long position, int limit) {
        return jdbi.withHandle(handle ->
                handle.createQuery(
                                """
                                select position, tenant_id, type, body from event
                                 where position > :position order by position limit :limit
                                """)
                        .bind("position", position)
                        .bind("limit", limit)
                        .map((rs, context) -> stored(rs))
                        .list());
    }

    @Override
    public List<Stored> since(
            TenantId tenant, @Nullable String type, Instant received, long after, int limit) {
        return jdbi.withHandle(handle ->
                handle.createQuery(
                                """
                                select position, tenant_id, type, body from event
                                 where tenant_id = :tenant and position > :after
                                   and received_at >= :received
                                   and (:type::text is null or type = :type)
                                 order by position limit :limit
                                """)
                        .bind("tenant", tenant.value())
                        .bind("after", after)
                        .bind("received", JdbiJournal.utc(received))
                        .bind("type", type)
                        .bind("limit", limit)
                        .map((rs, context) -> stored(rs))
                        .list());
    }

    private Stored stored(ResultSet rs) throws SQLException {
        TenantId tenant = new TenantId(rs.getString("tenant_id"));
        try {
            JsonNode event = Json.read(payloads.decode(tenant, rs.getBytes("body")));
            return new Stored(rs.getLong("position"), tenant, rs.getString("type"), event);
        } catch (IOException e) {
            throw new UncheckedIOException("a stored event cannot be read", e);
        }
    }

    @Override
    public long newest() {
        return jdbi.withHandle(handle ->
                handle.createQuery("select coalesce(max(position), 0) from event")
                        .mapTo(Long.class)
                        .one());
    }

    @Override
    public Map<Integer, Long> cursors(Collection<Integer> shards) {
        Integer[] ids = shards.toArray(Integer[]::new);
        return jdbi.inTransaction(handle -> {
            Map<Integer, Long> there = cursors(handle, ids);
            if (there.keySet().containsAll(shards)) {
                return there;
            }
            handle.createUpdate(
                            """
                            insert into event_cursor (shard, position)
                            select id, (select coalesce(max(position), 0) from event)
                              from unnest(:ids) as s(id)
                            on conflict (shard) do nothing
                            """)
                    .bind("ids", ids)
                    .execute();
            return cursors(handle, ids);
        });
    }

    private static Map<Integer, Long> cursors(Handle handle, Integer[] shards) {
        Map<Integer, Long> cursors = new HashMap<>();
        handle.createQuery("select shard, position from event_cursor where shard = any(:shards)")
                .bind("shards", shards)
                .map((rs, context) -> Map.entry(rs.getInt(1), rs.getLong(2)))
                .forEach(entry -> cursors.put(entry.getKey(), entry.getValue()));
        return cursors;
    }

    @Override
    public void advance(Map<Integer, Long> epochs, long position) {
        jdbi.useHandle(handle ->
                handle.createUpdate(
                                """
                                update event_cursor c set position = :position
                                  from unnest(:ids, :epochs) as e(id, epoch), shard s
                                 where c.shard = e.id and s.id = e.id and s.epoch = e.epoch
                                   and c.position < :position
                                """)
                        .bind("position", position)
                        .bind("ids", epochs.keySet().toArray(Integer[]::new))
                        .bind("epochs", epochs.values().toArray(Long[]::new))
                        .execute());
    }

    @Override
    public void advanceStarts(long position) {
        jdbi.useHandle(handle ->
                handle.createUpdate(
                                """
                                update event_cursor set position = :position
                                 where shard = :starts and position < :position
                                """)
                        .bind("position", position)
                        .bind("starts", STARTS)
                        .execute());
    }

    /** Goes from matcher to matcher along the index, however many listeners share each. */
    @Override
    public List<Matcher> matchers(TenantId tenant, String type) {
        return jdbi.withHandle(handle ->
                handle.createQuery(
                                """
                                with recursive m(matcher) as (
                                    (select matcher from listener
                                      where tenant_id = :tenant and type = :type
                                      order by matcher limit 1)
                                    union all
                                    select (select l.matcher from listener l
                                             where l.tenant_id = :tenant and l.type = :type
                                               and l.matcher > m.matcher
                                             order by l.matcher limit 1)
                                      from m where m.matcher is not null)
                                select matcher from m where matcher is not null
                                """)
                        .bind("tenant", tenant.value())
                        .bind("type", type)
                        .map((rs, context) -> JdbiEventRows.matcher(rs.getString(1)))
                        .list());
    }

    @Override
    public List<ExecutionId> listening(
            TenantId tenant,
            String type,
            Matcher matcher,
            @Nullable String correlation,
            Collection<Integer> shards,
            @Nullable ExecutionId after,
            int limit) {
        return jdbi.withHandle(handle ->
                handle.createQuery(
                                """
                                select distinct execution_id from listener
                                 where tenant_id = :tenant and type = :type and matcher = :matcher
                                   and (:correlation::text is null or correlation in ('', :correlation))
                                   and execution_id > :after and shard = any(:shards) and caught_up
                                 order by execution_id limit :limit
                                """)
                        .bind("tenant", tenant.value())
                        .bind("type", type)
                        .bind("matcher", JdbiEventRows.text(matcher))
                        .bind(
                                "correlation",
                                correlation == null ? null : JdbiEventRows.correlation(correlation))
                        .bind("after", after == null ? FIRST : after.value())
                        .bind("shards", shards.toArray(Integer[]::new))
                        .bind("limit", limit)
                        .map((rs, context) -> new ExecutionId(rs.getObject(1, UUID.class)))
                        .list());
    }

    @Override
    public List<Fresh> fresh(Collection<Integer> shards, int limit) {
        return jdbi.withHandle(handle ->
                handle.createQuery(
                                """
                                select execution_id, frame, filter, tenant_id, type, matcher, correlation,
                                       started_at, opened_at
                                  from listener where shard = any(:shards) and not caught_up
                                 order by execution_id, frame, filter limit :limit
                                """)
                        .bind("shards", shards.toArray(Integer[]::new))
                        .bind("limit", limit)
                        .map((rs, context) -> fresh(rs))
                        .list());
    }

    private static Fresh fresh(ResultSet rs) throws SQLException {
        String correlation = rs.getString("correlation");
        String type = rs.getString("type");
        return new Fresh(
                new ExecutionId(rs.getObject("execution_id", UUID.class)),
                rs.getInt("frame"),
                rs.getInt("filter"),
                new TenantId(rs.getString("tenant_id")),
                type.isEmpty() ? null : type,
                JdbiEventRows.matcher(rs.getString("matcher")),
                correlation.isEmpty() ? null : correlation,
                rs.getObject("started_at", OffsetDateTime.class).toInstant(),
                rs.getObject("opened_at", OffsetDateTime.class).toInstant());
    }

    @Override
    public void caughtUp(List<Fresh> listeners) {
        jdbi.useHandle(handle ->
                handle.createUpdate(
                                """
                                update listener l set caught_up = true
                                  from unnest(:ids, :frames, :filters) as u(id, frame, filter)
                                 where l.execution_id = u.id and l.frame = u.frame
                                   and l.filter = u.filter
                                """)
                        .bind(
                                "ids",
                                listeners.stream()
                                        .map(l -> l.execution().value())
                                        .toArray(UUID[]::new))
                        .bind(
                                "frames",
                                listeners.stream().map(Fresh::frame).toArray(Integer[]::new))
                        .bind(
                                "filters",
                                listeners.stream().map(Fresh::filter).toArray(Integer[]::new))
                        .execute());
    }

    @Override
    public String stored(String correlation) {
        return JdbiEventRows.correlation(correlation);
    }

    @Override
    public List<Stored> collect(
            Stored event,
            DefinitionRef workflow,
            int size,
            Collection<Integer> filters,
            String correlation) {
        return jdbi.inTransaction(handle -> {
            List<Long> positions =
                    JdbiCollectedEvents.collect(
                            handle,
                            event.tenant(),
                            workflow,
                            size,
                            filters,
                            stored(correlation),
                            event.position());
            return handle.createQuery(
                            """
                            select position, tenant_id, type, body from event
                             where position = any(:positions) order by position
                            """)
                    .bind("positions", positions.toArray(Long[]::new))
                    .map((rs, context) -> stored(rs))
                    .list();
        });
    }

    @Override
    public void started(DefinitionRef workflow, List<Stored> events) {
        jdbi.useHandle(handle ->
                JdbiCollectedEvents.started(
                        handle,
                        events.getFirst().tenant(),
                        workflow,
                        events.stream().map(Stored::position).toList()));
    }

    @Override
    public int purge(Duration age) {
        return jdbi.withHandle(handle -> {
            int purged =
                    handle.createUpdate(
                                    """
                                    delete from event
                                     where received_at < :before
                                       and position <= (select min(position) from event_cursor)
                                    """)
                            .bind("before", clock.instant().minus(age))
                            .execute();
            JdbiCollectedEvents.purge(handle);
            return purged;
        });
    }
}
