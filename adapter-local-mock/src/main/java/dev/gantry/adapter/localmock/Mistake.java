package dev.gantry.adapter.localmock;

import com.fasterxml.jackson.databind.DeserializationContext;
import dev.gantry.spi.WorkloadProblem;
import java.util.Collection;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * One thing that is wrong with a script or a function's block.
 *
 * @param suggestion the mend, where it can be told; it is part of the text too
 */
record Mistake(Place place, String text, @Nullable String suggestion) {
    Mistake(Place place, String text) {
        this(place, text, null);
    }

    /** {@code ; did you mean 'latency'?}, or nothing if no known word is near. */
    static String hint(String word, Collection<String> known) {
        return WorkloadProblem.nearest(word, known)
                .map("; did you mean '%s'?"::formatted)
                .orElse("");
    }

    static Mistake unknown(Place place, String key, String what, Collection<String> known) {
        String nearest = hint(key, known);
        return new Mistake(
                place,
                "unknown key '%s' in %s%s"
                        .formatted(
                                key,
                                what,
                                nearest.isEmpty()
                                        ? "; known are " + String.join(", ", known)
                                        : nearest),
                nearest.isEmpty() ? null : nearest.substring(2));
    }

    /** Where reading collects them, so that all are told at once. */
    @SuppressWarnings("unchecked") // ScriptReader puts nothing else there
    static List<Mistake> in(DeserializationContext context) {
        return (List<Mistake>) Objects.requireNonNull(context.getAttribute(Mistake.class));
    }

    WorkloadProblem asProblem() {
        return new WorkloadProblem(place.pointer(), text, null, suggestion);
    }

    @Override
    public String toString() {
        return place.prefix() + text;
    }
}
