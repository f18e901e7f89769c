package dev.gantry.orchestrator.runner;

import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/** A place with an adapter, and one among those of a limit if there is one. */
final class SlotClaim implements Runners.Claim {
    private final Slots shared;
    private final Runners.@Nullable Limit limit;
    private final @Nullable Slots limited;
    private final CompletableFuture<Runners.Slot> slot;
    private final @Nullable CompletableFuture<Runners.Slot> ofLimit;
    private volatile @Nullable CompletableFuture<Runners.Slot> ofAdapter;

    SlotClaim(Slots shared, Runners.Holder holder) {
        this.shared = shared;
        limit = null;
        limited = null;
        ofLimit = null;
        slot = shared.take(holder);
        ofAdapter = slot;
    }

    /** The limit's place first, always in this order: who waits holds up only those of its own. */
    SlotClaim(Slots shared, Runners.Limit limit, Slots limited, Runners.Holder holder) {
        this.shared = shared;
        this.limit = limit;
        this.limited = limited;
        ofLimit = limited.take(holder);
        slot =
                ofLimit.thenCompose(own -> {
                    CompletableFuture<Runners.Slot> second = shared.take(holder);
                    ofAdapter = second;
                    return second.thenApply(taken -> both(own, taken));
                });
    }

    static Runners.Slot both(Runners.Slot first, Runners.Slot second) {
        return () -> {
            second.close();
            first.close();
        };
    }

    @Override
    public CompletableFuture<Runners.Slot> slot() {
        return slot;
    }

    @Override
    public Runners.@Nullable Line line() {
        if (limited != null && ofLimit != null && !ofLimit.isDone()) {
            return line(limit, limited, ofLimit);
        }
        CompletableFuture<Runners.Slot> asked = ofAdapter;
        return asked == null || asked.isDone() ? null : line(null, shared, asked);
    }

    private static Runners.@Nullable Line line(
            Runners.@Nullable Limit limit, Slots slots, CompletableFuture<Runners.Slot> asked) {
        int before = slots.before(asked);
        return before < 0 ? null : new Runners.Line(limit, slots.places(), before);
    }
}
