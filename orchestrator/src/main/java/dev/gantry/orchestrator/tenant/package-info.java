/** Who is isolated from whom. */
@ApplicationModule(allowedDependencies = {"id"})
@NullMarked
package dev.gantry.orchestrator.tenant;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.ApplicationModule;
