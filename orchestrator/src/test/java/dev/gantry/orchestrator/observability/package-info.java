@NullMarked
package dev.gantry.orchestrator.observability;

import org.jspecify.annotations.NullMarked;
