/** Typed identifiers, and the values that every module reads alike; depends on nothing. */
@ApplicationModule(allowedDependencies = {})
@NullMarked
package dev.gantry.orchestrator.id;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.ApplicationModule;
