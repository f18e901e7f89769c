@NullMarked
package dev.gantry.orchestrator.mask;

import org.jspecify.annotations.NullMarked;
