package dev.gantry.orchestrator.security;

import dev.gantry.orchestrator.id.Initiator;
import dev.gantry.orchestrator.id.TenantId;
import java.util.Set;

/** Who makes a request; a controller gets it as an argument. */
public record Caller(TenantId tenant, Initiator initiator, Set<Permission> permissions) {
    public Caller {
        permissions = Set.copyOf(permissions);
    }

    public boolean may(Permission permission) {
        return permissions.contains(permission);
    }
}
