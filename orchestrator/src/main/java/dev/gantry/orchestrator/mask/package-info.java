/** Finds secrets, in all forms that they usually take, in what comes back from where they went. */
@ApplicationModule(allowedDependencies = {"id"})
@NullMarked
package dev.gantry.orchestrator.mask;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.ApplicationModule;
