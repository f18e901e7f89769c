/** What makes a server this installation: its data folder, its id, its refusals to start. */
@ApplicationModule(allowedDependencies = {})
@NullMarked
package dev.gantry.orchestrator.installation;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.ApplicationModule;
