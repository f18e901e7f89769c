@NullMarked
package dev.gantry.orchestrator.engine;

import org.jspecify.annotations.NullMarked;
