package dev.gantry.orchestrator.runner;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * The places of one adapter: how many steps it has at the same time. First come, first served; who
 * waits holds no thread, and may give up by completing the future. What is counted is who holds
 * something: a step counts once, however often it was counted, and until the last of it is closed.
 */
final class Slots {
    private final int places;
    private final Executor executor;
    private final Set<Waiter> waiting = new LinkedHashSet<>();

    /** How many open slots each has, at least one. */
    private final Map<Runners.Holder, Integer> holders = new HashMap<>();

    /** Compared by identity. */
    private static final class Waiter extends CompletableFuture<Runners.Slot> {
        private final Runners.Holder holder;

        Waiter(Runners.Holder holder) {
            this.holder = holder;
        }
    }

    private final class Held implements Runners.Slot {
        private final AtomicBoolean open = new AtomicBoolean(true);
        private final Runners.Holder holder;

        Held(Runners.Holder holder) {
            this.holder = holder;
        }

        @Override
        public void close() {
            if (open.compareAndSet(true, false)) {
                free(holder);
            }
        }
    }

    /**
     * @param executor tells the next one in line, so that whoever closes a slot does not run, or
     *     wait for, another's work
     */
    Slots(int places, Executor executor) {
        this.places = places;
        this.executor = executor;
    }

    /** How many wait before one that waits; -1 if it does not. */
    int before(CompletableFuture<Runners.Slot> waiter) {
        synchronized (waiting) {
            int before = 0;
            for (Waiter other : waiting) {
                if (other == waiter) {
                    return before;
                }
                before++;
            }
            return -1;
        }
    }

    int places() {
        return places;
    }

    CompletableFuture<Runners.Slot> take(Runners.Holder holder) {
        Waiter waiter;
        synchronized (waiting) {
            if (holders.containsKey(holder) || holders.size() < places) {
                holders.merge(holder, 1, Integer::sum);
                return CompletableFuture.completedFuture(new Held(holder));
            }
            waiter = new Waiter(holder);
            waiting.add(waiter);
        }
        var _ = waiter.whenComplete((slot, gaveUp) -> forget(waiter));
        return waiter;
    }

    /** Also beyond the places: it is there. */
    Runners.Slot hold(Runners.Holder holder) {
        List<Waiter> same = new ArrayList<>();
        synchronized (waiting) {
            holders.merge(holder, 1, Integer::sum);
            waiting.stream().filter(waiter -> waiter.holder.equals(holder)).forEach(same::add);
            same.forEach(this::begins);
        }
        same.forEach(this::give);
        return new Held(holder);
    }

    private void forget(Waiter waiter) {
        synchronized (waiting) {
            waiting.remove(waiter);
        }
    }

    private void free(Runners.Holder holder) {
        next(holder).forEach(this::give);
    }

    private void give(Waiter next) {
        Runners.Slot slot = new Held(next.holder);
        executor.execute(() -> {
            if (!next.complete(slot)) {
                slot.close();
            }
        });
    }

    /** Takes the place back, and passes what is free on to the next ones in line. */
    private List<Waiter> next(Runners.Holder from) {
        synchronized (waiting) {
            holders.computeIfPresent(from, (holder, open) -> open == 1 ? null : open - 1);
            List<Waiter> next = new ArrayList<>(1);
            while (holders.size() < places && !waiting.isEmpty()) {
                Waiter first = waiting.iterator().next();
                begins(first);
                next.add(first);
            }
            return next;
        }
    }

    private void begins(Waiter waiter) {
        waiting.remove(waiter);
        holders.merge(waiter.holder, 1, Integer::sum);
    }

    int inFlight() {
        synchronized (waiting) {
            return holders.size();
        }
    }

    int queued() {
        synchronized (waiting) {
            return waiting.size();
        }
    }
}
