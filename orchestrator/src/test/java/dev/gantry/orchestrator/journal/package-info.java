@NullMarked
package dev.gantry.orchestrator.journal;

import org.jspecify.annotations.NullMarked;
