package dev.gantry.adapter.localmock;

import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A time in which the mock pretends that its backend cannot be reached.
 *
 * @param after when it begins, counted from the adapter's creation
 * @param length how long it lasts, or null for ever
 */
record Outage(String reason, Duration after, @Nullable Duration length) {
    boolean isAt(Instant now, Instant created) {
        Instant begin = created.plus(after);
        return !now.isBefore(begin) && (length == null || now.isBefore(begin.plus(length)));
    }
}
