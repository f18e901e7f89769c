/** Stores what the engine decided, in PostgreSQL. */
@ApplicationModule(
        allowedDependencies = {"database", "engine", "id", "definition :: plan", "payload"})
@NullMarked
package dev.gantry.orchestrator.journal;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.ApplicationModule;
