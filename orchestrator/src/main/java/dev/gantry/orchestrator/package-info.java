/** The Gantry server. Every sub-package is a module; what each may use is declared and verified. */
@NullMarked
package dev.gantry.orchestrator;

import org.jspecify.annotations.NullMarked;
