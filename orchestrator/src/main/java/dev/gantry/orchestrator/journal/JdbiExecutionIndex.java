package dev.gantry.orchestrator.journal;

import dev.gantry.orchestrator.engine.ExecutionIndex;
import dev.gantry.orchestrator.engine.Journal;
import dev.gantry.orchestrator.id.DefinitionKind;
import dev.gantry.orchestrator.id.DefinitionRef;
import dev.gantry.orchestrator.id.ExecutionId;
import dev.gantry.orchestrator.id.Initiator;
import dev.gantry.orchestrator.id.TenantId;
import dev.gantry.orchestrator.payload.PayloadCodec;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.jdbi.v3.core.Jdbi;
import org.jspecify.annotations.Nullable;

/** Reads the projections; never touches what the lanes hold in memory. */
final class JdbiExecutionIndex implements ExecutionIndex {
    private static final String COLUMNS =
            """
            select id, tenant_id, initiator, shard, kind, namespace, name, version, correlation_id,
                   parent_id, started_at, status, ended_at, entries, readable
              from execution
            """;

    private final Jdbi jdbi;
    private final PayloadCodec payloads;

    JdbiExecutionIndex(Jdbi jdbi, PayloadCodec payloads) {
        this.jdbi = jdbi;
        this.payloads = payloads;
    }

    @Override
    public List<ExecutionId> active(
            Collection<Integer> shards, @Nullable ExecutionId after, int limit) {
        return jdbi.withHandle(handle ->
                handle.createQuery(
                                """
                                select id from execution
                                 where residence = 0 and shard = any(:shards) and id > :after
                                 order by id limit :limit
                                """)
                        .bind("shards", shards.toArray(Integer[]::new))
                        .bind("after", after == null ? new UUID(0, 0) : after.value())
                        .bind("limit", limit)
                        .map((rs, context) -> new ExecutionId(rs.getObject(1, UUID.class)))
                        .list());
    }

    @Override
    public List<ExecutionId> due(Collection<Integer> shards, Instant until, int limit) {
        return jdbi.withHandle(handle ->
                handle.createQuery(
                                """
                                select due.id
                                  from unnest(:shards) as held(shard),
                                       lateral (select id, wake_at from execution e
                                                 where e.residence = 1 and e.shard = held.shard
                                                   and e.wake_at <= :until
                                                 order by e.wake_at limit :limit) due
                                 order by due.wake_at limit :limit
                                """)
                        .bind("shards", shards.toArray(Integer[]::new))
                        .bind("until", JdbiJournal.utc(until))
                        .bind("limit", limit)
                        .map((rs, context) -> new ExecutionId(rs.getObject(1, UUID.class)))
                        .list());
    }

    @Override
    public Optional<Listed> find(TenantId tenant, ExecutionId id) {
        return jdbi.withHandle(handle ->
                handle.createQuery(COLUMNS + " where id = :id and tenant_id = :tenant")
                        .bind("id", id.value())
                        .bind("tenant", tenant.value())
                        .map((rs, context) -> listed(rs))
                        .findOne());
    }

    @Override
    public Map<ExecutionId, Standing> standing(Collection<ExecutionId> ids) {
        return jdbi.withHandle(handle ->
                handle.createQuery(
                                "select id, ended_at is not null as ended, entries from execution where id = any(:ids)")
                        .bind("ids", ids.stream().map(ExecutionId::value).toArray(UUID[]::new))
                        .reduceRows(
                                new HashMap<>(),
                                (found, row) -> {
                                    found.put(
                                            new ExecutionId(row.getColumn("id", UUID.class)),
                                            new Standing(
                                                    row.getColumn("ended", Boolean.class),
                                                    row.getColumn("entries", Integer.class)));
                                    return found;
                                }));
    }

    @Override
    public List<Listed> list(TenantId tenant, Query query, @Nullable Position after, int limit) {
        Map<String, Object> binds = new LinkedHashMap<>();
        StringBuilder where = new StringBuilder(" where tenant_id = :tenant");
        add(where, binds, "namespace", " and namespace = :namespace", query.namespace());
        add(where, binds, "name", " and name = :name", query.name());
        add(where, binds, "version", " and version = :version", query.version());
        add(where, binds, "initiator", " and initiator = :initiator", query.initiator());
        correlation(where, binds, query.correlationId());
        add(where, binds, "from", " and started_at >= :from", time(query.startedAfter()));
        add(where, binds, "to", " and started_at < :to", time(query.startedBefore()));
        if (query.status() != null) {
            add(where, binds, "status", " and status = :status", StoredCodes.of(query.status()));
        }
        if (after != null) {
            where.append(" and (started_at, id) < (:at, :id)");
            binds.put("at", JdbiJournal.utc(after.startedAt()));
            binds.put("id", after.id().value());
        }
        return jdbi.withHandle(handle ->
                handle.createQuery(
                                COLUMNS + where + " order by started_at desc, id desc limit :limit")
                        .bind("tenant", tenant.value())
                        .bindMap(binds)
                        .bind("limit", limit)
                        .map((rs, context) -> listed(rs))
                        .list());
    }

    /** An execution without a correlation id of its own goes by its id. */
    private static void correlation(
            StringBuilder where, Map<String, Object> binds, @Nullable String asked) {
        Optional<ExecutionId> own = asked == null ? Optional.empty() : ExecutionId.find(asked);
        if (own.isPresent()) {
            where.append(
                    " and (correlation_id = :correlation or id = :own and correlation_id is null)");
            binds.put("correlation", asked);
            binds.put("own", own.get().value());
        } else {
            add(where, binds, "correlation", " and correlation_id = :correlation", asked);
        }
    }

    private static void add(
            StringBuilder where,
            Map<String, Object> binds,
            String name,
            String clause,
            @Nullable Object value) {
        if (value != null) {
            where.append(clause);
            binds.put(name, value);
        }
    }

    private static @Nullable OffsetDateTime time(@Nullable Instant at) {
        return at == null ? null : JdbiJournal.utc(at);
    }

    static Listed listed(java.sql.ResultSet rs) throws java.sql.SQLException {
        OffsetDateTime ended = rs.getObject("ended_at", OffsetDateTime.class);
        return new Listed(
                JdbiJournal.head(rs),
                StoredCodes.status(rs.getInt("status")),
                ended == null ? null : ended.toInstant(),
                rs.getInt("entries"),
                rs.getInt("readable") == rs.getInt("entries"));
    }

    @Override
    public List<Journal.Undecided> undecided(
            TenantId tenant, @Nullable UndecidedPosition after, int limit) {
        return jdbi.withHandle(handle ->
                handle.createQuery(
                                """
                                select execution_id, step, initiator, namespace, name, version,
                                       pointer, attempt, failure_code, message, since
                                  from dead_letter
                                 where tenant_id = :tenant
                                   and (since, execution_id, step) > (:since, :id, :step)
                                 order by since, execution_id, step limit :limit
                                """)
                        .bind("tenant", tenant.value())
                        .bind(
                                "since",
                                JdbiJournal.utc(after == null ? Instant.EPOCH : after.since()))
                        .bind("id", after == null ? new UUID(0, 0) : after.id().value())
                        .bind("step", after == null ? 0 : after.step())
                        .bind("limit", limit)
                        .map((rs, context) -> undecided(tenant, rs))
                        .list());
    }

    private Journal.Undecided undecided(TenantId tenant, java.sql.ResultSet rs)
            throws java.sql.SQLException {
        Instant since = rs.getObject("since", OffsetDateTime.class).toInstant();
        Journal.Head head =
                new Journal.Head(
                        new ExecutionId(rs.getObject("execution_id", UUID.class)),
                        tenant,
                        Initiator.parse(rs.getString("initiator")),
                        0,
                        new DefinitionRef(
                                DefinitionKind.WORKFLOW,
                                rs.getString("namespace"),
                                rs.getString("name"),
                                rs.getString("version")),
                        null,
                        null,
                        since);
        return new Journal.Undecided(
                head,
                rs.getInt("step"),
                rs.getString("pointer"),
                rs.getInt("attempt"),
                rs.getString("failure_code"),
                payloads.decode(tenant, rs.getString("message")),
                since);
    }

    /** A key from before the window counts as if it were not there. */
    @Override
    public Reservation reserve(Claim claim, ExecutionId id, Instant now, Instant window) {
        return jdbi.withHandle(handle -> {
            while (true) {
                int taken =
                        handle.createUpdate(
                                        """
                                        insert into start_key as k
                                            (tenant_id, key, initiator, request, execution_id, created_at)
                                        values (:tenant, :key, :initiator, :request, :id, :now)
                                        on conflict (tenant_id, key) do update
                                           set initiator = excluded.initiator,
                                               request = excluded.request,
                                               execution_id = excluded.execution_id,
                                               created_at = excluded.created_at
                                         where k.created_at < :window
                                        """)
                                .bind("tenant", claim.tenant().value())
                                .bind("key", claim.key())
                                .bind("initiator", claim.initiator().toString())
                                .bind("request", claim.request())
                                .bind("id", id.value())
                                .bind("now", JdbiJournal.utc(now))
                                .bind("window", JdbiJournal.utc(window))
                                .execute();
                if (taken == 1) {
                    return new Reservation(id, claim.request(), true);
                }
                Optional<Reservation> there =
                        handle.createQuery(
                                        "select execution_id, request from start_key where tenant_id = :tenant and key = :key")
                                .bind("tenant", claim.tenant().value())
                                .bind("key", claim.key())
                                .map((rs, context) ->
                                        new Reservation(
                                                new ExecutionId(rs.getObject(1, UUID.class)),
                                                rs.getBytes(2),
                                                false))
                                .findOne();
                if (there.isPresent()) {
                    return there.get();
                }
                // Given back in between: it is free.
            }
        });
    }

    @Override
    public void release(Claim claim, ExecutionId id) {
        jdbi.useHandle(handle ->
                handle.createUpdate(
                                """
                                delete from start_key
                                 where tenant_id = :tenant and key = :key and execution_id = :id
                                """)
                        .bind("tenant", claim.tenant().value())
                        .bind("key", claim.key())
                        .bind("id", id.value())
                        .execute());
    }

    @Override
    public int forgetClaims(Instant before, int most) {
        return jdbi.withHandle(handle ->
                handle.createUpdate(
                                """
                                delete from start_key where (tenant_id, key) in
                                    (select tenant_id, key from start_key
                                      where created_at < :before order by created_at limit :most)
                                """)
                        .bind("before", JdbiJournal.utc(before))
                        .bind("most", most)
                        .execute());
    }
}
