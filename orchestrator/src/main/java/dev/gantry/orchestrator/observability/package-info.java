/** Health, metrics and traces for people and their tools. Nobody depends on it. */
@ApplicationModule(allowedDependencies = {"id", "execution", "runner"})
@NullMarked
package dev.gantry.orchestrator.observability;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.ApplicationModule;
