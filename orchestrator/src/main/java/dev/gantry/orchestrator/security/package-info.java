/**
 * Who is calling, for which tenant, with which permissions. Fails closed: without a valid key
 * nothing answers but health and the API's description, and an endpoint that names no permission
 * refuses everybody.
 */
@ApplicationModule(allowedDependencies = {"id", "tenant", "installation", "problem", "database"})
@NullMarked
package dev.gantry.orchestrator.security;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.ApplicationModule;
