@NullMarked
package dev.gantry.orchestrator.installation;

import org.jspecify.annotations.NullMarked;
