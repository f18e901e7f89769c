@NullMarked
package dev.gantry.orchestrator.definition.compile;

import org.jspecify.annotations.NullMarked;
