package dev.gantry.orchestrator.security;

import dev.gantry.orchestrator.id.Initiator;
import dev.gantry.orchestrator.id.TenantId;
import dev.gantry.orchestrator.tenant.Tenants;
import java.util.Set;
import org.jdbi.v3.core.Jdbi;

/** Makes keys for tests. */
public final class TestKeys {
    private final JdbiApiKeys keys;
    private final Tenants tenants;
    private final Jdbi jdbi;

    public TestKeys(Tenants tenants, Jdbi jdbi) {
        this.keys = new JdbiApiKeys(jdbi);
        this.tenants = tenants;
        this.jdbi = jdbi;
    }

    /** A new key of a client that may do what is given. */
    public String issue(String tenant, Permission... permissions) {
        TenantId id = tenants.ensure(new TenantId(tenant), tenant).id();
        String key = ApiKey.generate();
        keys.put(
                ApiKey.hash(key),
                id,
                new Initiator(Initiator.Kind.CLIENT, "test"),
                Set.of(permissions),
                false);
        return key;
    }

    /** Sets a column of the key. */
    public void set(String key, String assignment) {
        jdbi.useHandle(handle ->
                handle.createUpdate("update api_key set " + assignment + " where hash = :hash")
                        .bind("hash", ApiKey.hash(key))
                        .execute());
    }

    public void disableTenant(String tenant) {
        jdbi.useHandle(
                handle -> handle.execute("update tenant set enabled = false where id = ?", tenant));
    }
}
