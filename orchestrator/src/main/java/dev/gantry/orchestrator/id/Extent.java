package dev.gantry.orchestrator.id;

import com.fasterxml.jackson.databind.JsonNode;
import org.jspecify.annotations.Nullable;

/** How deep and how large the data of an execution may be, so that they can always be stored. */
public final class Extent {
    /** Far enough below what can be written and read for what is put around data. */
    public static final int MAX_DEPTH = 500;

    /** Values in one another; sixteen characters of text count as one more. */
    public static final int MAX_VALUES = 4_000_000;

    private static final int CHARACTERS_PER_VALUE = 16;

    private final int deepest;
    private long values;

    private Extent(int deepest) {
        this.deepest = deepest;
    }

    /** What is too much about the data, after "they are" or the like; null if nothing is. */
    public static @Nullable String excess(JsonNode data) {
        return excess(data, 0);
    }

    /**
     * @param around levels that are not the data's own
     */
    public static @Nullable String excess(JsonNode data, int around) {
        return data.isContainerNode() ? new Extent(MAX_DEPTH + around).excessOf(data, 1) : null;
    }

    /**
     * Looks no further than a limit: the same value can be in there so often that going through
     * would never end.
     */
    private @Nullable String excessOf(JsonNode container, int depth) {
        if (depth > deepest) {
            return "nested deeper than %,d levels".formatted(MAX_DEPTH);
        }
        for (JsonNode below : container) {
            values++;
            if (below.isTextual()) {
                values += below.textValue().length() / CHARACTERS_PER_VALUE;
            }
            String excess = below.isContainerNode() ? excessOf(below, depth + 1) : null;
            if (excess != null) {
                return excess;
            }
            if (values > MAX_VALUES) {
                return "larger than %,d values".formatted(MAX_VALUES);
            }
        }
        return null;
    }
}
