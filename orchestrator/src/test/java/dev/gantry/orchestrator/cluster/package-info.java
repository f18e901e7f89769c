@NullMarked
package dev.gantry.orchestrator.cluster;

import org.jspecify.annotations.NullMarked;
