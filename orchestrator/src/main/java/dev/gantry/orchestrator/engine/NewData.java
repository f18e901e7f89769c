package dev.gantry.orchestrator.engine;

import com.fasterxml.jackson.databind.JsonNode;
import dev.gantry.orchestrator.definition.plan.ExpressionException;
import dev.gantry.orchestrator.id.Extent;
import org.jspecify.annotations.Nullable;

/**
 * Data on their way into an execution's state. What could not be stored, or is too large to be
 * worked with, is an error of the task that made it, as long as there is somebody to take it.
 */
final class NewData {
    /** What a request has around the data that it carries. */
    private static final int ENVELOPE = 5;

    private NewData() {}

    /** A value is beyond the limits of data. */
    static final class TooMuch extends ExpressionException {
        private static final long serialVersionUID = 1L;

        TooMuch(String excess) {
            super("the data are %s: does a loop wrap them again and again?".formatted(excess));
        }
    }

    static JsonNode checked(JsonNode value) throws TooMuch {
        return checked(value, 0);
    }

    /** Null if the value is the very one that the state holds, which has been checked. */
    static @Nullable JsonNode unlessSame(JsonNode value, JsonNode known) throws TooMuch {
        JsonNode data = EventFold.unlessSame(value, known);
        return data == null ? null : checked(data);
    }

    /**
     * @param known what it may be made of as it is
     */
    static JsonNode request(JsonNode value, JsonNode known) throws TooMuch {
        return EventFold.unlessSame(value, known) == null ? value : checked(value, ENVELOPE);
    }

    private static JsonNode checked(JsonNode value, int around) throws TooMuch {
        String excess = Extent.excess(value, around);
        if (excess != null) {
            throw new TooMuch(excess);
        }
        return value;
    }
}
