package dev.gantry.orchestrator.execution;

import dev.gantry.orchestrator.engine.ExecutionIndex;
import dev.gantry.orchestrator.id.ExecutionId;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Callers that wait for an execution's end, or for any change of it. Costs nothing without them.
 * What happens on other nodes is looked up.
 */
final class Watchers {
    private final ConcurrentHashMap<ExecutionId, List<Watcher>> watchers =
            new ConcurrentHashMap<>();

    /** Instead of a change: waits for the end. */
    static final long END = Long.MAX_VALUE;

    private static final int AT_ONCE = 1_000;

    /**
     * @param since sees changes after this one
     */
    private record Watcher(long since, CompletableFuture<@Nullable ExecutionView> seen) {
        boolean endOnly() {
            return since == END;
        }

        boolean sees(ExecutionIndex.Standing now) {
            return now.isEnded() || now.entries() > since;
        }
    }

    /**
     * Completes with the view at the next change or at the end; with null when the time is over, or
     * when that happens on another node.
     *
     * @param since see {@link Executions#changed}, or {@link #END}
     */
    CompletableFuture<@Nullable ExecutionView> watch(ExecutionId id, long since, Duration atMost) {
        CompletableFuture<@Nullable ExecutionView> seen =
                new CompletableFuture<@Nullable ExecutionView>();
        Watcher watcher = new Watcher(since, seen);
        watchers.compute(
                id,
                (key, there) -> {
                    List<Watcher> all = there == null ? new ArrayList<>(1) : new ArrayList<>(there);
                    all.add(watcher);
                    return all;
                });
        CompletableFuture<@Nullable ExecutionView> result =
                seen.<@Nullable ExecutionView>thenApply(view -> view)
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

    /** Asks how those stand that change on other nodes. */
    void look(Predicate<ExecutionId> isHere, ExecutionIndex index) {
        List<ExecutionId> away = watchers.keySet().stream().filter(isHere.negate()).toList();
        for (int from = 0; from < away.size(); from += AT_ONCE) {
            index.standing(away.subList(from, Math.min(away.size(), from + AT_ONCE)))
                    .forEach(this::stands);
        }
    }

    private void stands(ExecutionId id, ExecutionIndex.Standing now) {
        for (Watcher watcher : watchers.getOrDefault(id, List.of())) {
            if (watcher.sees(now)) {
                // Who waits reads the execution then.
                Thread.startVirtualThread(() -> watcher.seen().complete(null));
            }
        }
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
