/**
 * Does what the engine decided: shard lanes, dispatch to adapters, timers, recovery. What other
 * packages may use is {@link dev.gantry.orchestrator.execution.Executions} and its values.
 */
@ApplicationModule(
        allowedDependencies = {
            "id",
            "cluster",
            "definition",
            "definition :: plan",
            "engine",
            "installation",
            "mask",
            "payload",
            "runner"
        })
@NullMarked
package dev.gantry.orchestrator.execution;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.ApplicationModule;
