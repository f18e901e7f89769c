package dev.gantry.orchestrator.execution;

import dev.gantry.orchestrator.engine.Journal;
import dev.gantry.orchestrator.id.ExecutionId;
import dev.gantry.orchestrator.runner.Runners;
import dev.gantry.spi.Capability;
import dev.gantry.spi.ExecutionException;
import dev.gantry.spi.OwnedResource;
import dev.gantry.spi.RunnerAdapter;
import dev.gantry.spi.StepContext;
import dev.gantry.spi.TeardownException;
import java.time.Duration;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletionException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Removes what lost its owner: resources on a backend that no step in progress wants. The journal
 * decides; it holds the intent before a resource exists, so a wanted one is never taken for lost.
 */
final class Reaper {
    private static final Logger log = LoggerFactory.getLogger(Reaper.class);

    private final Runners runners;
    private final LaneContext node;
    private final Duration grace;

    /** What had no owner at the last look; only what has none twice is removed. */
    private Set<String> suspects = Set.of();

    Reaper(Runners runners, LaneContext node, Duration grace) {
        this.runners = runners;
        this.node = node;
        this.grace = grace;
    }

    synchronized void sweep() {
        Set<String> found = new HashSet<>();
        for (Runners.AdapterView view : runners.list()) {
            if (view.capabilities().can(Capability.PROVISIONS_RESOURCES)
                    && view.health().isConnected()) {
                sweep(view.kind(), found);
            }
        }
        suspects = found;
    }

    private void sweep(String kind, Set<String> found) {
        RunnerAdapter adapter = runners.adapter(kind);
        try {
            for (OwnedResource resource : adapter.owned()) {
                if (isWanted(resource)) {
                    continue;
                }
                String name = kind + " " + resource.handle().externalName();
                if (suspects.contains(name)) {
                    remove(adapter, resource, name);
                } else {
                    found.add(name);
                }
            }
        } catch (ExecutionException | Journal.Unavailable | RuntimeException e) {
            log.warn("adapter {}: lost resources could not be looked for: {}", kind, e.toString());
        }
    }

    private boolean isWanted(OwnedResource resource) throws Journal.Unavailable {
        Map<String, String> labels = resource.labels();
        ExecutionId id;
        int step;
        int attempt;
        try {
            id = ExecutionId.parse(labels.getOrDefault(StepContext.LABEL_PREFIX + "execution", ""));
            step = Integer.parseInt(labels.getOrDefault(StepContext.LABEL_PREFIX + "step", ""));
            attempt =
                    Integer.parseInt(labels.getOrDefault(StepContext.LABEL_PREFIX + "attempt", ""));
        } catch (IllegalArgumentException e) {
            return false;
        }
        Journal.Recorded recorded = node.read(id);
        return recorded != null && node.restore(recorded).state.holds(step, attempt);
    }

    private void remove(RunnerAdapter adapter, OwnedResource resource, String name) {
        log.warn("{} has no owner any more and is removed", name);
        try {
            if (adapter.capabilities().can(Capability.CANCEL)) {
                adapter.cancel(resource.handle(), grace).join();
            }
            adapter.teardown(resource.handle());
        } catch (TeardownException | CompletionException e) {
            log.warn("{} could not be removed and is tried again: {}", name, e.getMessage());
        }
    }
}
