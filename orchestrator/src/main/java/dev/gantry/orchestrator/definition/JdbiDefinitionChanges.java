package dev.gantry.orchestrator.definition;

import dev.gantry.orchestrator.definition.Definitions.Action;
import dev.gantry.orchestrator.definition.Definitions.Change;
import dev.gantry.orchestrator.id.DefinitionKind;
import dev.gantry.orchestrator.id.DefinitionRef;
import dev.gantry.orchestrator.id.TenantId;
import java.time.OffsetDateTime;
import java.util.List;
import java.util.Locale;
import org.jdbi.v3.core.Jdbi;
import org.jspecify.annotations.Nullable;

/** Who did what to definitions; {@link JdbiDefinitions} writes it with the change. */
final class JdbiDefinitionChanges {
    private final Jdbi jdbi;

    JdbiDefinitionChanges(Jdbi jdbi) {
        this.jdbi = jdbi;
    }

    List<Change> list(
            TenantId tenant,
            @Nullable DefinitionKind kind,
            String namespace,
            String name,
            @Nullable Long before,
            int limit) {
        return jdbi.withHandle(handle ->
                handle.createQuery(
                                """
                                select id, kind, version, digest, action, initiator, at
                                  from definition_change
                                 where tenant_id = :tenant and namespace = :namespace
                                   and name = :name
                                   and (:kind::text is null or kind = :kind)
                                   and (:before::bigint is null or id < :before)
                                 order by id desc limit :limit
                                """)
                        .bind("tenant", tenant.value())
                        .bind("namespace", namespace)
                        .bind("name", name)
                        .bind("kind", kind == null ? null : kind.label())
                        .bind("before", before)
                        .bind("limit", limit)
                        .map((rs, context) ->
                                new Change(
                                        rs.getLong("id"),
                                        new DefinitionRef(
                                                JdbiDefinitions.kind(rs.getString("kind")),
                                                namespace,
                                                name,
                                                rs.getString("version")),
                                        rs.getString("digest"),
                                        Action.valueOf(
                                                rs.getString("action").toUpperCase(Locale.ROOT)),
                                        rs.getString("initiator"),
                                        rs.getObject("at", OffsetDateTime.class).toInstant()))
                        .list());
    }
}
