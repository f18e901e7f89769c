/** Makes the calls that Gantry makes itself, as an adapter like any other. */
@NullMarked
package dev.gantry.orchestrator.runner.call;

import org.jspecify.annotations.NullMarked;
