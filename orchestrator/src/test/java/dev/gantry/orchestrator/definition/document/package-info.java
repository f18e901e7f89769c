@NullMarked
package dev.gantry.orchestrator.definition.document;

import org.jspecify.annotations.NullMarked;
