/** The server processes on one database, and which of them owns what. */
@ApplicationModule(allowedDependencies = {"installation"})
@NullMarked
package dev.gantry.orchestrator.cluster;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.ApplicationModule;
