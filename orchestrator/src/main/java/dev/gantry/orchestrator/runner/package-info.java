/** Finds adapters, places steps on them, knows their health and how much they may do at once. */
@ApplicationModule(allowedDependencies = {"id", "installation", "mask", "tenant"})
@NullMarked
package dev.gantry.orchestrator.runner;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.ApplicationModule;
