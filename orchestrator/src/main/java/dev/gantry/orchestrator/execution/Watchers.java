package dev.gantry.orchestrator.execution;

import dev.gantry.orchestrator.id.ExecutionId;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

/**
 * Callers that wait for an execution's end, or for any change of it. Costs nothing without them.
 */
final class Watchers {
    private final ConcurrentHashMap<ExecutionId, List<Watcher>> watchers =
            new ConcurrentHashMap<>();

    private record Watcher(boolean endOnly, CompletableFuture<ExecutionView> seen) {}

    /**
     * Completes with the view at the next change or at the end; with null when the time is over.
     */
    CompletableFuture<@org.jspecify.annotations.Nullable ExecutionView> watch(
            ExecutionId id, boolean endOnly, Duration atMost) {
        CompletableFuture<ExecutionView> seen = new CompletableFuture<>();
        Watcher watcher = new Watcher(endOnly, seen);
        watchers.compute(
                id,
                (key, there) -> {
                    List<Watcher> all = there == null ? new ArrayList<>(1) : new ArrayList<>(there);
                    all.add(watcher);
                    return all;
                });
        CompletableFuture<@org.jspecify.annotations.Nullable ExecutionView> result =
                seen.<@org.jspecify.annotations.Nullable ExecutionView>thenApply(view -> view)
                        .completeOnTimeout(null, atMost.toMillis(), TimeUnit.MILLISECONDS);
        var _ = result.whenComplete((view, failure) -> remove(id, watcher));
        return result;
    }

    private void remove(ExecutionId id, Watcher watcher) {
        watchers.computeIfPresent(
                id,
                (key, there) -> {
                    List<Watcher> left = new ArrayList<>(there);
                    left.remove(watcher);
                    return left.isEmpty() ? null : left;
                });
    }

    /** Called by a lane after a commit. */
    void changed(ExecutionId id, boolean ended, Supplier<ExecutionView> view) {
        List<Watcher> waiting = watchers.get(id);
        if (waiting == null || (!ended && waiting.stream().allMatch(Watcher::endOnly))) {
            // Most wait for the end: what it looks like on the way there is not worked out.
            return;
        }
        ExecutionView now = view.get();
        for (Watcher watcher : waiting) {
            if (ended || !watcher.endOnly()) {
                watcher.seen().complete(now);
            }
        }
    }
}
