/** The form in which payloads are stored, whoever stores them. */
@ApplicationModule(allowedDependencies = {"id"})
@NullMarked
package dev.gantry.orchestrator.payload;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.ApplicationModule;
