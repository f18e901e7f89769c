package dev.gantry.orchestrator.tenant;

import dev.gantry.orchestrator.id.TenantId;
import java.util.Optional;
import org.jdbi.v3.core.Jdbi;
import org.jdbi.v3.core.mapper.RowMapper;
import org.springframework.stereotype.Component;

@Component
final class JdbiTenants implements Tenants {
    private static final RowMapper<Tenant> TENANT =
            (row, _) ->
                    new Tenant(
                            new TenantId(row.getString("id")),
                            row.getString("name"),
                            row.getBoolean("enabled"));
    private final Jdbi jdbi;

    JdbiTenants(Jdbi jdbi) {
        this.jdbi = jdbi;
    }

    @Override
    public Optional<Tenant> find(TenantId id) {
        return jdbi.withHandle(handle ->
                handle.createQuery(
                                """
                                select id, name, enabled
                                from tenant
                                where id = :id
                                """)
                        .bind("id", id.value())
                        .map(TENANT)
                        .findOne());
    }

    @Override
    public Tenant ensure(TenantId id, String name) {
        jdbi.useHandle(handle ->
                handle.createUpdate(
                                """
                                insert into tenant (id, name)
                                values (:id, :name)
                                on conflict do nothing
                                """)
                        .bind("id", id.value())
                        .bind("name", name)
                        .execute());
        return find(id).orElseThrow();
    }
}
