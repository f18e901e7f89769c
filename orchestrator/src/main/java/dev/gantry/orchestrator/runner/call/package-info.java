/** Performs {@code call: http} inside Gantry, as an adapter like any other. */
@NullMarked
package dev.gantry.orchestrator.runner.call;

import org.jspecify.annotations.NullMarked;
