@NullMarked
package dev.gantry.orchestrator.definition;

import org.jspecify.annotations.NullMarked;
