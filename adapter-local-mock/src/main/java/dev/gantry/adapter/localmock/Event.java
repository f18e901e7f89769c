package dev.gantry.adapter.localmock;

import java.time.Instant;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Something that happened to a pretended resource. */
sealed interface Event {
    Identity id();

    Instant at();

    /**
     * @param stopMillis how long the workload goes on after a polite request to stop; negative if
     *     nobody learns that it is dead
     * @param teardownFailures how often its teardown fails
     */
    record Provisioned(
            Identity id,
            Instant at,
            Map<String, String> labels,
            long stopMillis,
            int teardownFailures)
            implements Event {
        public Provisioned {
            labels = Map.copyOf(labels);
        }
    }

    /**
     * @param lifeMillis how long the workload lives if nobody stops it
     * @param vanishes whether it disappears then, instead of ending
     */
    record Started(Identity id, Instant at, long lifeMillis, boolean vanishes) implements Event {}

    /**
     * @param dies when it is dead
     */
    record Cancelled(Identity id, Instant at, Instant dies) implements Event {}

    /**
     * Somebody has seen the end.
     *
     * @param how {@code SUCCEEDED}, {@code CANCELLED}, or the failure's code
     */
    record Ended(Identity id, Instant at, String how) implements Event {}

    /**
     * A scripted fault took place.
     *
     * @param failuresLeft how often teardown will still fail
     */
    record TeardownFailed(Identity id, Instant at, int failuresLeft) implements Event {}

    record TornDown(Identity id, Instant at) implements Event {}

    /** The name in the ledger, such as {@code torn-down}. */
    default String label() {
        return switch (this) {
            case Provisioned _ -> "provisioned";
            case Started _ -> "started";
            case Cancelled _ -> "cancelled";
            case Ended _ -> "ended";
            case TeardownFailed _ -> "teardown-failed";
            case TornDown _ -> "torn-down";
        };
    }

    /** What is known of the resource after the event; null if there is none any more. */
    static @Nullable Resource apply(@Nullable Resource before, Event event) {
        if (event instanceof Provisioned it) {
            return Resource.provisioned(it);
        }
        if (before == null || before.id().attempt() != event.id().attempt()) {
            return before;
        }
        return switch (event) {
            case Provisioned it -> Resource.provisioned(it);
            case Started it -> before.started(it);
            case Cancelled it -> before.cancelled(it.dies());
            case Ended _ -> before.seenToEnd();
            case TeardownFailed it -> before.withTeardownFailures(it.failuresLeft());
            case TornDown _ -> null;
        };
    }
}
