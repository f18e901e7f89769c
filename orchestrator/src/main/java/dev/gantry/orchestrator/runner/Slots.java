package dev.gantry.orchestrator.runner;

import java.util.Iterator;
import java.util.LinkedHashSet;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/**
 * The places of one adapter: how many steps it runs at the same time. First come, first served; who
 * waits holds no thread, and may give up by completing the future.
 */
final class Slots {
    private final int places;
    private final Executor executor;
    private final Set<Waiter> waiting = new LinkedHashSet<>();
    private int taken;

    /** Compared by identity; its own type only so that the signature says what waits. */
    private static final class Waiter extends CompletableFuture<Runners.Slot> {}

    private final class Held implements Runners.Slot {
        private final AtomicBoolean open = new AtomicBoolean(true);

        @Override
        public void close() {
            if (open.compareAndSet(true, false)) {
                free();
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

    CompletableFuture<Runners.Slot> take() {
        Waiter waiter;
        synchronized (waiting) {
            if (taken < places) {
                taken++;
                return CompletableFuture.completedFuture(new Held());
            }
            waiter = new Waiter();
            waiting.add(waiter);
        }
        var _ = waiter.whenComplete((slot, gaveUp) -> forget(waiter));
        return waiter;
    }

    private void forget(Waiter waiter) {
        synchronized (waiting) {
            waiting.remove(waiter);
        }
    }

    private void free() {
        Waiter next = next();
        if (next != null) {
            Runners.Slot slot = new Held();
            executor.execute(() -> {
                if (!next.complete(slot)) {
                    slot.close();
                }
            });
        }
    }

    /** Passes the place on to the next one in line, or takes it back. */
    private @Nullable Waiter next() {
        synchronized (waiting) {
            Iterator<Waiter> line = waiting.iterator();
            if (!line.hasNext()) {
                taken--;
                return null;
            }
            Waiter next = line.next();
            line.remove();
            return next;
        }
    }

    int inFlight() {
        synchronized (waiting) {
            return taken;
        }
    }

    int queued() {
        synchronized (waiting) {
            return waiting.size();
        }
    }
}
