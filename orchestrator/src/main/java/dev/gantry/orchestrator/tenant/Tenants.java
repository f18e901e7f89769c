package dev.gantry.orchestrator.tenant;

import dev.gantry.orchestrator.id.TenantId;
import java.util.Optional;

/** The tenants of this installation. */
public interface Tenants {
    /** Where everything belongs as long as nobody has made another tenant. */
    TenantId DEFAULT = new TenantId("default");

    Optional<Tenant> find(TenantId id);

    /** The tenant, made and enabled if it is not there. */
    Tenant ensure(TenantId id, String name);
}
