/** Runtime expressions: jq, compiled once, pure, and guarded against running away. */
@NullMarked
package dev.gantry.orchestrator.definition.expression;

import org.jspecify.annotations.NullMarked;
