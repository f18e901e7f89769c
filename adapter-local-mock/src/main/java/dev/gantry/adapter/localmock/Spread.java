package dev.gantry.adapter.localmock;

import com.fasterxml.jackson.annotation.JsonClassDescription;
import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonProperty;
import dev.gantry.spi.StepContext;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** A duration, or a range of which each attempt draws its own. */
@JsonClassDescription("latency")
record Spread(Duration from, Duration to) {
    static final Spread NONE = new Spread(Duration.ZERO, Duration.ZERO);
    private static final int SALT = 0x1a7e;

    Spread {
        if (from.isNegative() || to.compareTo(from) < 0) {
            throw new IllegalArgumentException(
                    "latency from %s to %s is no range".formatted(from, to));
        }
    }

    @JsonCreator
    static Spread parse(String text) {
        Duration duration = Quantities.duration(text);
        return new Spread(duration, duration);
    }

    @JsonCreator
    static Spread read(
            @JsonProperty("from") @Nullable Duration from,
            @JsonProperty("to") @Nullable Duration to) {
        return new Spread(from == null ? Duration.ZERO : from, to == null ? Duration.ZERO : to);
    }

    boolean isNone() {
        return to.isZero();
    }

    long millis(long seed, StepContext context) {
        long range = to.minus(from).toMillis();
        if (range == 0) {
            return from.toMillis();
        }
        return from.toMillis() + (long) (Draw.fraction(seed, SALT, context) * (range + 1));
    }
}
