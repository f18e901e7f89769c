/** Checks documents keyword by keyword and compiles what is right to plans. */
@NullMarked
package dev.gantry.orchestrator.definition.compile;

import org.jspecify.annotations.NullMarked;
