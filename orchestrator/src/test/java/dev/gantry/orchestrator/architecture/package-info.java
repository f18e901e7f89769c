/** Proves that the modules keep to what they declare. */
@NullMarked
package dev.gantry.orchestrator.architecture;

import org.jspecify.annotations.NullMarked;
