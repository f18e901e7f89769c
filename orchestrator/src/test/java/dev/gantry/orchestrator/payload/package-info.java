@NullMarked
package dev.gantry.orchestrator.payload;

import org.jspecify.annotations.NullMarked;
