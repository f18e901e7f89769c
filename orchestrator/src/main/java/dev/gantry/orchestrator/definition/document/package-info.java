/** Documents as they were written: values with their places, and what is wrong with them. */
@NullMarked
package dev.gantry.orchestrator.definition.document;

import org.jspecify.annotations.NullMarked;
