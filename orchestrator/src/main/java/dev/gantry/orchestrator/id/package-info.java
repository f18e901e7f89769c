/** Typed identifiers; depends on nothing. */
@ApplicationModule(allowedDependencies = {})
@NullMarked
package dev.gantry.orchestrator.id;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.ApplicationModule;
