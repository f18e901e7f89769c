package dev.gantry.orchestrator.journal;

import dev.gantry.orchestrator.id.DefinitionRef;
import dev.gantry.orchestrator.id.TenantId;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.statement.SqlStatement;

/** What workflows have collected that several events start together. */
final class JdbiCollectedEvents {
    private JdbiCollectedEvents() {}

    /**
     * Keeps the event for the filter that has the fewest, and gives the events of a set that is
     * complete, by filter; empty if none is.
     */
    static List<Long> collect(
            Handle handle,
            TenantId tenant,
            DefinitionRef workflow,
            int size,
            Collection<Integer> filters,
            String correlation,
            long position) {
        if (!isKnown(handle, tenant, workflow, position)) {
            Map<Integer, Long> waiting = waiting(handle, tenant, workflow, correlation);
            int filter =
                    filters.stream()
                            .min((a, b) ->
                                    Long.compare(
                                            waiting.getOrDefault(a, 0L),
                                            waiting.getOrDefault(b, 0L)))
                            .orElseThrow();
            bound(
                            handle.createUpdate(
                                    """
                                    insert into event_collected
                                        (tenant_id, namespace, name, version, position, filter, correlation)
                                    values (:tenant, :namespace, :name, :version, :position, :filter,
                                        :correlation)
                                    on conflict do nothing
                                    """),
                            tenant,
                            workflow)
                    .bind("position", position)
                    .bind("filter", filter)
                    .bind("correlation", correlation)
                    .execute();
        }
        List<Long> first =
                bound(
                                handle.createQuery(
                                        """
                                        select min(c.position) from event_collected c
                                          join event e on e.position = c.position
                                         where c.tenant_id = :tenant and c.namespace = :namespace
                                           and c.name = :name and c.version = :version
                                           and c.correlation = :correlation and not c.started
                                         group by c.filter
                                        """),
                                tenant,
                                workflow)
                        .bind("correlation", correlation)
                        .mapTo(Long.class)
                        .list();
        return first.size() == size ? first.stream().sorted().toList() : List.of();
    }

    private static boolean isKnown(
            Handle handle, TenantId tenant, DefinitionRef workflow, long position) {
        return bound(
                        handle.createQuery(
                                """
                                select exists (select from event_collected
                                 where tenant_id = :tenant and namespace = :namespace
                                   and name = :name and version = :version
                                   and position = :position)
                                """),
                        tenant,
                        workflow)
                .bind("position", position)
                .mapTo(Boolean.class)
                .one();
    }

    private static Map<Integer, Long> waiting(
            Handle handle, TenantId tenant, DefinitionRef workflow, String correlation) {
        return bound(
                        handle.createQuery(
                                """
                                select filter, count(*) n from event_collected
                                 where tenant_id = :tenant and namespace = :namespace
                                   and name = :name and version = :version
                                   and correlation = :correlation and not started
                                 group by filter
                                """),
                        tenant,
                        workflow)
                .bind("correlation", correlation)
                .map((rs, context) -> Map.entry(rs.getInt("filter"), rs.getLong("n")))
                .list()
                .stream()
                .collect(Collectors.toMap(Map.Entry::getKey, Map.Entry::getValue));
    }

    static void started(
            Handle handle, TenantId tenant, DefinitionRef workflow, List<Long> positions) {
        bound(
                        handle.createUpdate(
                                """
                                update event_collected set started = true
                                 where tenant_id = :tenant and namespace = :namespace
                                   and name = :name and version = :version
                                   and position = any(:positions)
                                """),
                        tenant,
                        workflow)
                .bind("positions", positions.toArray(Long[]::new))
                .execute();
    }

    /** What refers to events that are no longer there. */
    static void purge(Handle handle) {
        handle.execute(
                """
                delete from event_collected c
                 where c.position < (select min(position) from event)
                """);
    }

    private static <T extends SqlStatement<T>> T bound(
            T statement, TenantId tenant, DefinitionRef workflow) {
        return statement
                .bind("tenant", tenant.value())
                .bind("namespace", workflow.namespace())
                .bind("name", workflow.name())
                .bind("version", workflow.version());
    }
}
