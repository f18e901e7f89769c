/** How a request is refused: the one shape of every error answer. */
@ApplicationModule(allowedDependencies = {})
@NullMarked
package dev.gantry.orchestrator.problem;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.ApplicationModule;
