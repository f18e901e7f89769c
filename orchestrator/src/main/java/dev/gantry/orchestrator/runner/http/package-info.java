/** Performs {@code call: http} inside Gantry, as an adapter like any other. */
@NullMarked
package dev.gantry.orchestrator.runner.http;

import org.jspecify.annotations.NullMarked;
