/** HTTP: what clients see of the published APIs of the other modules. Nobody depends on it. */
@ApplicationModule(
        allowedDependencies = {
            "cluster",
            "database",
            "id",
            "definition",
            "definition :: explain",
            "definition :: plan",
            "engine",
            "execution",
            "runner",
            "security",
            "problem",
            "trigger"
        })
@NullMarked
package dev.gantry.orchestrator.api;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.ApplicationModule;
