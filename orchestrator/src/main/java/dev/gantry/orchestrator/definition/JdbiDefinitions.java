package dev.gantry.orchestrator.definition;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.gantry.orchestrator.definition.Definitions.Action;
import dev.gantry.orchestrator.definition.Definitions.Definition;
import dev.gantry.orchestrator.definition.Definitions.Format;
import dev.gantry.orchestrator.id.DefinitionKind;
import dev.gantry.orchestrator.id.DefinitionRef;
import dev.gantry.orchestrator.id.Json;
import dev.gantry.orchestrator.id.TenantId;
import dev.gantry.orchestrator.payload.PayloadCodec;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.OffsetDateTime;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.jdbi.v3.core.Jdbi;
import org.jspecify.annotations.Nullable;

/** Definitions as rows. What is deleted stays for the executions that run it. */
final class JdbiDefinitions {
    private static final String COLUMNS =
            "select kind, namespace, name, version, digest, enabled, format, published_by, published_at";

    /** One row for what {@code changed} gives. */
    private static final String NOTE =
            """
            insert into definition_change (tenant_id, kind, namespace, name, version, digest,
                action, initiator)
            select :tenant, :kind, :namespace, :name, :version, digest, :action, :by from changed
            """;

    private final Jdbi jdbi;
    private final PayloadCodec payloads;

    JdbiDefinitions(Jdbi jdbi, PayloadCodec payloads) {
        this.jdbi = jdbi;
        this.payloads = payloads;
    }

    /** False if the version is there already, deleted or not. */
    boolean insert(
            TenantId tenant,
            DefinitionRef ref,
            String digest,
            Format format,
            String by,
            byte[] document,
            Map<String, DefinitionRef> pins,
            Map<String, String> resources,
            boolean startsOnEvents) {
        return jdbi.withHandle(handle ->
                handle.createUpdate(
                                """
                                with changed as (
                                    insert into definition (tenant_id, kind, namespace, name,
                                        version, digest, format, published_by, document, pins,
                                        resources, starts_on_events)
                                    values (:tenant, :kind, :namespace, :name,
                                        :version, :digest, :format, :by, :document, :pins,
                                        :resources::jsonb, :startsOnEvents)
                                    on conflict do nothing
                                    returning digest)
                                """
                                        + NOTE)
                        .bind("action", label(Action.PUBLISHED))
                        .bind("tenant", tenant.value())
                        .bind("kind", ref.kind().label())
                        .bind("namespace", ref.namespace())
                        .bind("name", ref.name())
                        .bind("version", ref.version())
                        .bind("digest", digest)
                        .bind("format", format.name())
                        .bind("by", by)
                        .bind("document", payloads.encode(tenant, document))
                        .bind("pins", written(pins))
                        .bind("resources", json(tenant, resources))
                        .bind("startsOnEvents", startsOnEvents)
                        .execute())
                == 1;
    }

    /** A deleted version comes back when the same content is published again. */
    void restore(TenantId tenant, DefinitionRef ref, String by) {
        change(tenant, ref, "deleted = false, enabled = true", "deleted", Action.RESTORED, by);
    }

    /** False if nothing changes by it. */
    boolean enable(TenantId tenant, DefinitionRef ref, boolean enabled, String by) {
        return change(
                tenant,
                ref,
                "enabled = " + enabled,
                "not deleted and enabled <> " + enabled,
                enabled ? Action.ENABLED : Action.DISABLED,
                by);
    }

    /** False if there is no such version. */
    boolean delete(TenantId tenant, DefinitionRef ref, String by) {
        return change(
                tenant, ref, "enabled = false, deleted = true", "not deleted", Action.DELETED, by);
    }

    /** The change and who made it, together or not at all. */
    private boolean change(
            TenantId tenant,
            DefinitionRef ref,
            String assignments,
            String condition,
            Action action,
            String by) {
        return jdbi.withHandle(handle ->
                handle.createUpdate(
                                """
                                with changed as (
                                    update definition set %s
                                     where tenant_id = :tenant and kind = :kind
                                       and namespace = :namespace and name = :name
                                       and version = :version and %s
                                    returning digest)
                                """
                                                .formatted(assignments, condition)
                                        + NOTE)
                        .bind("tenant", tenant.value())
                        .bind("kind", ref.kind().label())
                        .bind("namespace", ref.namespace())
                        .bind("name", ref.name())
                        .bind("version", ref.version())
                        .bind("action", label(action))
                        .bind("by", by)
                        .execute())
                == 1;
    }

    private static String label(Action action) {
        return action.name().toLowerCase(Locale.ROOT);
    }

    record Row(
            Definition definition,
            byte[] document,
            boolean deleted,
            Map<String, DefinitionRef> pins,
            Map<String, String> resources) {}

    Optional<Row> find(TenantId tenant, DefinitionRef ref) {
        return jdbi.withHandle(handle ->
                handle.createQuery(
                                COLUMNS
                                        + """
                                         , document, deleted, pins, resources from definition
                                         where tenant_id = :tenant and kind = :kind
                                           and namespace = :namespace and name = :name
                                           and version = :version
                                        """)
                        .bind("tenant", tenant.value())
                        .bind("kind", ref.kind().label())
                        .bind("namespace", ref.namespace())
                        .bind("name", ref.name())
                        .bind("version", ref.version())
                        .map((rs, context) ->
                                new Row(
                                        definition(rs),
                                        payloads.decode(tenant, rs.getBytes("document")),
                                        rs.getBoolean("deleted"),
                                        read(rs.getString("pins")),
                                        contents(tenant, rs.getString("resources"))))
                        .findOne());
    }

    List<Definition> versions(TenantId tenant, DefinitionKind kind, String namespace, String name) {
        return jdbi.withHandle(handle ->
                handle.createQuery(
                                COLUMNS
                                        + """
                                          from definition
                                         where tenant_id = :tenant and kind = :kind
                                           and namespace = :namespace and name = :name
                                           and not deleted
                                        """)
                        .bind("tenant", tenant.value())
                        .bind("kind", kind.label())
                        .bind("namespace", namespace)
                        .bind("name", name)
                        .map((rs, context) -> definition(rs))
                        .list());
    }

    /** All versions of a page of names, in the order of the names. */
    List<Definition> page(
            TenantId tenant,
            @Nullable DefinitionKind kind,
            @Nullable String namespace,
            String after,
            int names) {
        return jdbi.withHandle(handle ->
                handle.createQuery(
                                COLUMNS
                                        + """
                                          from definition d join (
                                            select distinct namespace ns, name n,
                                                   (namespace || '/' || name) collate "C" full_name
                                              from definition
                                             where tenant_id = :tenant and not deleted
                                               and (:kind::text is null or kind = :kind)
                                               and (:namespace::text is null or namespace = :namespace)
                                               and (namespace || '/' || name) collate "C" > :after collate "C"
                                             order by full_name limit :names) page
                                            on page.ns = d.namespace and page.n = d.name
                                         where d.tenant_id = :tenant and not d.deleted
                                           and (:kind::text is null or d.kind = :kind)
                                         order by page.full_name, d.kind
                                        """)
                        .bind("tenant", tenant.value())
                        .bind("kind", kind == null ? null : kind.label())
                        .bind("namespace", namespace)
                        .bind("after", after)
                        .bind("names", names)
                        .map((rs, context) -> definition(rs))
                        .list());
    }

    List<String> names(TenantId tenant, DefinitionKind kind, int limit) {
        return jdbi.withHandle(handle ->
                handle.createQuery(
                                """
                                select distinct namespace || '/' || name from definition
                                 where tenant_id = :tenant and kind = :kind and not deleted limit :limit
                                """)
                        .bind("tenant", tenant.value())
                        .bind("kind", kind.label())
                        .bind("limit", limit)
                        .mapTo(String.class)
                        .list());
    }

    /** Namespace and name of workflows with a version that events start. */
    List<String> startedByEvents(TenantId tenant) {
        return jdbi.withHandle(handle ->
                handle.createQuery(
                                """
                                select distinct namespace || '/' || name from definition
                                 where tenant_id = :tenant and starts_on_events and not deleted
                                   and enabled
                                """)
                        .bind("tenant", tenant.value())
                        .mapTo(String.class)
                        .list());
    }

    private String json(TenantId tenant, Map<String, String> resources) {
        ObjectNode object = JsonNodeFactory.instance.objectNode();
        resources.forEach((uri, content) -> object.put(uri, payloads.encode(tenant, content)));
        return object.toString();
    }

    private Map<String, String> contents(TenantId tenant, String json) {
        try {
            Map<String, String> contents = new TreeMap<>();
            Json.read(json.getBytes(StandardCharsets.UTF_8))
                    .properties()
                    .forEach(field ->
                            contents.put(
                                    field.getKey(),
                                    payloads.decode(tenant, field.getValue().asText())));
            return contents;
        } catch (IOException e) {
            throw new UncheckedIOException("the resources of a definition cannot be read", e);
        }
    }

    /** One line each: the reference as it was looked up, and the version that it got. */
    private static String written(Map<String, DefinitionRef> pins) {
        StringBuilder text = new StringBuilder();
        pins.forEach((key, ref) -> text.append(key).append(' ').append(ref.version()).append('\n'));
        return text.toString();
    }

    private static Map<String, DefinitionRef> read(String pins) {
        Map<String, DefinitionRef> references = new TreeMap<>();
        pins.lines()
                .forEach(line -> {
                    List<String> words = List.of(line.split(" ", -1));
                    String wanted = words.get(1);
                    int slash = wanted.indexOf('/');
                    references.put(
                            words.get(0) + " " + wanted,
                            new DefinitionRef(
                                    kind(words.get(0)),
                                    wanted.substring(0, slash),
                                    wanted.substring(slash + 1, wanted.indexOf(':')),
                                    words.get(2)));
                });
        return references;
    }

    static DefinitionKind kind(String label) {
        return label.equals(DefinitionKind.WORKFLOW.label())
                ? DefinitionKind.WORKFLOW
                : DefinitionKind.FUNCTION;
    }

    private static Definition definition(ResultSet rs) throws SQLException {
        return new Definition(
                new DefinitionRef(
                        kind(rs.getString("kind")),
                        rs.getString("namespace"),
                        rs.getString("name"),
                        rs.getString("version")),
                rs.getString("digest"),
                rs.getBoolean("enabled"),
                Format.valueOf(rs.getString("format")),
                rs.getString("published_by"),
                rs.getObject("published_at", OffsetDateTime.class).toInstant());
    }
}
