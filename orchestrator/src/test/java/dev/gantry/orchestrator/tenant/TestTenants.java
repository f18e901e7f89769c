package dev.gantry.orchestrator.tenant;

import org.jdbi.v3.core.Jdbi;

/** Tenants for tests without a Spring context. */
public final class TestTenants {
    private TestTenants() {}

    public static Tenants on(Jdbi jdbi) {
        return new JdbiTenants(jdbi);
    }
}
