@NullMarked
package dev.gantry.orchestrator.execution;

import org.jspecify.annotations.NullMarked;
