/** Workflows and functions as documents: read, checked, compiled to plans, and kept by version. */
@ApplicationModule(allowedDependencies = {"id", "payload", "problem"})
@NullMarked
package dev.gantry.orchestrator.definition;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.ApplicationModule;
