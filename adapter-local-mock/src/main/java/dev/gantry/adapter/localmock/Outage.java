package dev.gantry.adapter.localmock;

import com.fasterxml.jackson.annotation.JsonClassDescription;
import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonProperty;
import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A time in which the mock pretends that its backend cannot be reached.
 *
 * @param after when it begins, counted from the adapter's creation
 * @param length how long it lasts, or null for ever
 */
@JsonClassDescription("health")
record Outage(String reason, Duration after, @Nullable Duration length) {
    /** Null: there is none. */
    @JsonCreator
    static @Nullable Outage parse(String text) {
        if (text.equals("connected")) {
            return null;
        }
        throw new IllegalArgumentException(
                "'%s'; expected 'connected', or a map such as {disconnected: maintenance, after: 1s, for: 10s}"
                        .formatted(text));
    }

    @JsonCreator
    static Outage read(
            @JsonProperty("disconnected") @Nullable String reason,
            @JsonProperty("after") @Nullable Duration after,
            @JsonProperty("for") @Nullable Duration length) {
        if (reason == null) {
            throw new IllegalArgumentException(
                    "'disconnected' is missing, with the reason as its value");
        }
        return new Outage(reason, after == null ? Duration.ZERO : after, length);
    }

    boolean isAt(Instant now, Instant created) {
        Instant begin = created.plus(after);
        return !now.isBefore(begin) && (length == null || now.isBefore(begin.plus(length)));
    }
}
