package dev.gantry.adapter.localmock;

import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What is known of one pretended resource. What it does at a given time follows from that alone, so
 * that every process that knows the same facts sees the same.
 *
 * @param startedAt when the workload began, if it did
 * @param lifeMillis how long it lives if nobody stops it
 * @param dies when it is dead because it was cancelled, if it was
 * @param seen whether the end is recorded
 */
record Resource(
        Identity id,
        Map<String, String> labels,
        Instant createdAt,
        long stopMillis,
        int teardownFailures,
        @Nullable Instant startedAt,
        long lifeMillis,
        boolean vanishes,
        @Nullable Instant dies,
        boolean seen) {

    enum State {
        CREATED,
        RUNNING,
        /** Ended by itself. */
        ENDED,
        CANCELLED,
        VANISHED
    }

    static Resource provisioned(Event.Provisioned event) {
        return new Resource(
                event.id(),
                event.labels(),
                event.at(),
                event.stopMillis(),
                event.teardownFailures(),
                null,
                0,
                false,
                null,
                false);
    }

    Resource started(Event.Started event) {
        return new Resource(
                id,
                labels,
                createdAt,
                stopMillis,
                teardownFailures,
                event.at(),
                event.lifeMillis(),
                event.vanishes(),
                dies,
                seen);
    }

    Resource cancelled(Instant newDies) {
        return new Resource(
                id,
                labels,
                createdAt,
                stopMillis,
                teardownFailures,
                startedAt,
                lifeMillis,
                vanishes,
                newDies,
                seen);
    }

    Resource seenToEnd() {
        return new Resource(
                id,
                labels,
                createdAt,
                stopMillis,
                teardownFailures,
                startedAt,
                lifeMillis,
                vanishes,
                dies,
                true);
    }

    Resource withTeardownFailures(int left) {
        return new Resource(
                id,
                labels,
                createdAt,
                stopMillis,
                left,
                startedAt,
                lifeMillis,
                vanishes,
                dies,
                seen);
    }

    State at(Instant now) {
        if (startedAt == null) {
            return dies == null ? State.CREATED : State.CANCELLED;
        }
        Instant end = endsAt();
        if (now.isBefore(end)) {
            return State.RUNNING;
        }
        if (end.equals(dies) && end.isBefore(naturalEnd())) {
            return State.CANCELLED;
        }
        return vanishes ? State.VANISHED : State.ENDED;
    }

    /** When the workload stops, as far as is known now. */
    Instant endsAt() {
        Instant natural = naturalEnd();
        return dies != null && dies.isBefore(natural) ? dies : natural;
    }

    private Instant naturalEnd() {
        return startedAt == null ? Instant.MAX : startedAt.plusMillis(lifeMillis);
    }

    /** How long the workload ran until then. */
    long ranMillis(Instant now) {
        if (startedAt == null) {
            return 0;
        }
        Instant until = now.isBefore(endsAt()) ? now : endsAt();
        return Math.max(0, Duration.between(startedAt, until).toMillis());
    }
}
