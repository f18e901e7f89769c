package dev.gantry.orchestrator.journal;

import dev.gantry.orchestrator.engine.Aside;
import dev.gantry.orchestrator.engine.Event;
import dev.gantry.orchestrator.engine.Journal;
import dev.gantry.orchestrator.id.ExecutionId;
import dev.gantry.orchestrator.id.Initiator;
import dev.gantry.orchestrator.id.TenantId;
import dev.gantry.orchestrator.payload.PayloadCodec;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.OffsetDateTime;
import java.util.List;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;

/** Entries of the journal, from rows. */
record JdbiEntries(EntryCodec codec, PayloadCodec payloads) {

    /** What decides needs none of what stands beside the events. */
    Journal.Entry forDeciding(Handle handle, TenantId tenant, ExecutionId id, ResultSet rs)
            throws SQLException {
        return entry(handle, tenant, id, rs, null);
    }

    Journal.Entry forReading(Handle handle, TenantId tenant, ExecutionId id, ResultSet rs)
            throws SQLException {
        return entry(handle, tenant, id, rs, rs.getBytes("aside"));
    }

    private Journal.Entry entry(
            Handle handle, TenantId tenant, ExecutionId id, ResultSet rs, byte @Nullable [] aside)
            throws SQLException {
        return new Journal.Entry(
                id,
                tenant,
                Initiator.parse(rs.getString("initiator")),
                rs.getInt("seq"),
                rs.getObject("at", OffsetDateTime.class).toInstant(),
                events(handle, tenant, id, rs.getBytes("body")),
                aside(handle, tenant, id, aside));
    }

    List<Event> events(Handle handle, TenantId tenant, ExecutionId id, byte[] body) {
        return codec.readEvents(
                payloads.decode(tenant, body), digest -> blob(handle, tenant, id, digest));
    }

    Aside aside(Handle handle, TenantId tenant, ExecutionId id, byte @Nullable [] aside) {
        return aside == null
                ? Aside.NONE
                : codec.readAside(
                        payloads.decode(tenant, aside), digest -> blob(handle, tenant, id, digest));
    }

    byte[] blob(Handle handle, TenantId tenant, ExecutionId id, byte[] digest) {
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
}
