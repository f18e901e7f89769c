/** Events from outside: stored, deduplicated, and brought to whoever waits for them. */
@ApplicationModule(
        allowedDependencies = {
            "cluster",
            "id",
            "definition",
            "definition :: plan",
            "engine",
            "execution",
            "installation"
        })
@NullMarked
package dev.gantry.orchestrator.trigger;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.ApplicationModule;
