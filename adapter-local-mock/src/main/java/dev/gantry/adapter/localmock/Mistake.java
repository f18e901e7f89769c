package dev.gantry.adapter.localmock;

import dev.gantry.spi.WorkloadProblem;
import java.util.Collection;
import org.jspecify.annotations.Nullable;

/**
 * One thing that is wrong with a script or a function's block.
 *
 * @param suggestion the mend, where it can be told; it is part of the text too
 */
record Mistake(Doc.Place place, String text, @Nullable String suggestion) {
    Mistake(Doc.Place place, String text) {
        this(place, text, null);
    }

    /** {@code ; did you mean 'latency'?}, or nothing if no known word is near. */
    static String hint(String word, Collection<String> known) {
        return WorkloadProblem.nearest(word, known)
                .map("; did you mean '%s'?"::formatted)
                .orElse("");
    }

    WorkloadProblem asProblem() {
        return new WorkloadProblem(place.pointer(), text, null, suggestion);
    }

    @Override
    public String toString() {
        return place.prefix() + text;
    }
}
