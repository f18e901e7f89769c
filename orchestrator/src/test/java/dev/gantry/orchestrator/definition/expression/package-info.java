@NullMarked
package dev.gantry.orchestrator.definition.expression;

import org.jspecify.annotations.NullMarked;
