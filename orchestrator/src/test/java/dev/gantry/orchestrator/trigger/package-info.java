@NullMarked
package dev.gantry.orchestrator.trigger;

import org.jspecify.annotations.NullMarked;
