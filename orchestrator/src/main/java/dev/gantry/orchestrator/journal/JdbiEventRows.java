package dev.gantry.orchestrator.journal;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import dev.gantry.orchestrator.engine.CloudEvents.Matcher;
import dev.gantry.orchestrator.engine.Journal;
import dev.gantry.orchestrator.id.DefinitionKind;
import dev.gantry.orchestrator.id.DefinitionRef;
import dev.gantry.orchestrator.id.Initiator;
import dev.gantry.orchestrator.id.Json;
import dev.gantry.orchestrator.id.TenantId;
import dev.gantry.orchestrator.payload.PayloadCodec;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Base64;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Events and listeners as rows. */
final class JdbiEventRows {
    /** Any number; whoever inserts events holds it until the commit. */
    private static final long ORDER_LOCK = 0x6761_6e74_7279_6576L;

    private static final int LONGEST_CORRELATION = 200;

    private JdbiEventRows() {}

    record Row(
            TenantId tenant,
            Initiator initiator,
            String source,
            String id,
            String type,
            byte[] body) {}

    static Row row(TenantId tenant, Initiator initiator, JsonNode event, PayloadCodec payloads) {
        try {
            return new Row(
                    tenant,
                    initiator,
                    event.path("source").asText(),
                    event.path("id").asText(),
                    event.path("type").asText(),
                    payloads.encode(tenant, Json.MAPPER.writeValueAsBytes(event)));
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException("an event cannot be written as JSON", e);
        }
    }

    /**
     * The time is that of the nodes, as with everything that it is compared with. To be the last
     * statement of its transaction: positions then grow with the commits.
     */
    static int add(Connection connection, List<Row> rows, Instant received) throws SQLException {
        if (rows.isEmpty()) {
            return 0;
        }
        try (PreparedStatement lock =
                connection.prepareStatement("select pg_advisory_xact_lock(?)")) {
            lock.setLong(1, ORDER_LOCK);
            lock.execute();
        }
        try (PreparedStatement statement =
                connection.prepareStatement(
                        """
                        insert into event (tenant_id, initiator, source, event_id, type, body, received_at)
                        select tenant, initiator, source, id, type, body, ?
                          from unnest(?::text[], ?::text[], ?::text[], ?::text[], ?::text[], ?::bytea[])
                          with ordinality as u(tenant, initiator, source, id, type, body, n)
                         order by n
                        on conflict (tenant_id, source, event_id) do nothing
                        """)) {
            statement.setObject(1, received.atOffset(ZoneOffset.UTC));
            statement.setArray(2, JdbiBatch.texts(connection, rows, r -> r.tenant().value()));
            statement.setArray(3, JdbiBatch.texts(connection, rows, r -> r.initiator().toString()));
            statement.setArray(4, JdbiBatch.texts(connection, rows, Row::source));
            statement.setArray(5, JdbiBatch.texts(connection, rows, Row::id));
            statement.setArray(6, JdbiBatch.texts(connection, rows, Row::type));
            statement.setArray(
                    7,
                    connection.createArrayOf(
                            "bytea", rows.stream().map(Row::body).toArray(byte[][]::new)));
            return statement.executeUpdate();
        }
    }

    static void open(Connection connection, List<Journal.Opened> rows) throws SQLException {
        if (rows.isEmpty()) {
            return;
        }
        try (PreparedStatement statement =
                connection.prepareStatement(
                        """
                        insert into listener (execution_id, frame, filter, tenant_id, shard, initiator, type,
                            matcher, correlation, started_at, opened_at)
                        select * from unnest(?::uuid[], ?::int[], ?::int[], ?::text[], ?::int[], ?::text[],
                            ?::text[], ?::text[], ?::text[], ?::timestamptz[], ?::timestamptz[])
                        on conflict (execution_id, frame, filter) do nothing
                        """)) {
            statement.setArray(1, JdbiBatch.uuids(connection, rows, r -> r.head().id().value()));
            statement.setArray(2, JdbiBatch.ints(connection, rows, r -> r.listener().frame()));
            statement.setArray(3, JdbiBatch.ints(connection, rows, r -> r.listener().filter()));
            statement.setArray(
                    4, JdbiBatch.texts(connection, rows, r -> r.head().tenant().value()));
            statement.setArray(5, JdbiBatch.ints(connection, rows, r -> r.head().shard()));
            statement.setArray(
                    6, JdbiBatch.texts(connection, rows, r -> r.head().initiator().toString()));
            statement.setArray(
                    7, JdbiBatch.texts(connection, rows, r -> orEmpty(r.listener().type())));
            statement.setArray(
                    8,
                    JdbiBatch.texts(
                            connection,
                            rows,
                            r ->
                                    text(
                                            new Matcher(
                                                    r.head().definition(),
                                                    r.listener().pointer(),
                                                    r.listener().filter()))));
            statement.setArray(
                    9,
                    JdbiBatch.texts(
                            connection, rows, r -> correlation(r.listener().correlation())));
            statement.setArray(10, JdbiBatch.times(connection, rows, r -> r.head().startedAt()));
            statement.setArray(11, JdbiBatch.times(connection, rows, r -> r.listener().since()));
            statement.executeUpdate();
        }
    }

    static void close(Connection connection, List<Journal.StepRef> rows) throws SQLException {
        if (rows.isEmpty()) {
            return;
        }
        try (PreparedStatement statement =
                connection.prepareStatement(
                        """
                        delete from listener l using unnest(?::uuid[], ?::int[]) as u(id, frame)
                         where l.execution_id = u.id and l.frame = u.frame
                        """)) {
            statement.setArray(1, JdbiBatch.uuids(connection, rows, r -> r.id().value()));
            statement.setArray(2, JdbiBatch.ints(connection, rows, Journal.StepRef::step));
            statement.executeUpdate();
        }
    }

    static String orEmpty(@Nullable String text) {
        return text == null ? "" : text;
    }

    /** Long values by their digest, so that an index row stays small. */
    static String correlation(@Nullable String value) {
        if (value == null || value.length() <= LONGEST_CORRELATION) {
            return orEmpty(value);
        }
        try {
            byte[] digest =
                    MessageDigest.getInstance("SHA-256")
                            .digest(value.getBytes(StandardCharsets.UTF_8));
            return "sha256:" + Base64.getEncoder().encodeToString(digest);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
    }

    /** {@code namespace/name:version filter pointer}; none of the first ones has a space. */
    static String text(Matcher matcher) {
        DefinitionRef ref = matcher.definition();
        return "%s/%s:%s %d %s"
                .formatted(
                        ref.namespace(),
                        ref.name(),
                        ref.version(),
                        matcher.filter(),
                        matcher.pointer());
    }

    static Matcher matcher(String text) {
        String[] parts = text.split(" ", 3);
        int slash = parts[0].indexOf('/');
        int colon = parts[0].indexOf(':');
        return new Matcher(
                new DefinitionRef(
                        DefinitionKind.WORKFLOW,
                        parts[0].substring(0, slash),
                        parts[0].substring(slash + 1, colon),
                        parts[0].substring(colon + 1)),
                parts[2],
                Integer.parseInt(parts[1]));
    }
}
