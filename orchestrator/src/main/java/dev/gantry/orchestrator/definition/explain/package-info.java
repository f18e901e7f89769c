/** Says and draws what a definition does; from the document alone, so without side effects. */
@NamedInterface("explain")
@NullMarked
package dev.gantry.orchestrator.definition.explain;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.NamedInterface;
