package dev.gantry.orchestrator.tenant;

import dev.gantry.orchestrator.id.TenantId;

/**
 * @param name for people
 * @param enabled whether its callers are let in
 */
public record Tenant(TenantId id, String name, boolean enabled) {}
