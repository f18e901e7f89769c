package dev.gantry.adapter.localmock;

import dev.gantry.spi.WorkloadProblem;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A piece of a script, with the place that it was read from. */
sealed interface Doc {
    Place place();

    /**
     * @param line from 1, or 0 if the script is no text
     * @param pointer JSON Pointer from the top of a block; of a text, empty
     */
    record Place(int line, int column, String pointer) {
        static final Place TOP = new Place(0, 0, "");

        Place below(String name) {
            return new Place(0, 0, pointer + "/" + WorkloadProblem.escaped(name));
        }

        String prefix() {
            return line == 0 ? "" : "line %d, column %d: ".formatted(line, column);
        }
    }

    record Entry(String key, Place place, Doc value) {}

    record Fields(List<Entry> entries, Place place) implements Doc {
        public Fields {
            entries = List.copyOf(entries);
        }
    }

    record Items(List<Doc> items, Place place) implements Doc {
        public Items {
            items = List.copyOf(items);
        }
    }

    /**
     * @param value a String, Boolean, Long, Double or null
     */
    record Scalar(@Nullable Object value, Place place) implements Doc {}

    /** For messages: {@code a map}, {@code a list}, {@code '20 apples'}. */
    default String shown() {
        return switch (this) {
            case Fields _ -> "a map";
            case Items _ -> "a list";
            case Scalar it -> it.value() == null ? "nothing" : "'" + it.value() + "'";
        };
    }
}
