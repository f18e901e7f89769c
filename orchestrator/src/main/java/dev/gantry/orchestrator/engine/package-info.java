/**
 * Decides, never does: from what has happened and what happens now to what is journaled and what is
 * to be done. No Spring, no SQL, no clock, no randomness: time, ids and chance come in as
 * arguments, so that the same events always give the same state.
 */
@ApplicationModule(allowedDependencies = {"id", "mask", "definition :: plan"})
@NullMarked
package dev.gantry.orchestrator.engine;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.ApplicationModule;
