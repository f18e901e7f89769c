package dev.gantry.orchestrator.definition.plan;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Which events are taken, and until when. The filters of {@code until} are numbered after those of
 * {@code filters}.
 *
 * @param filters at least one; one without conditions takes every event
 * @param untilTrue evaluated on the list of what was taken so far, null if not given
 * @param until events that end the listening and are not part of its output, null if not given
 */
public record Listening(
        Mode mode, List<Filter> filters, @Nullable Template untilTrue, @Nullable Listening until) {
    public Listening {
        filters = List.copyOf(filters);
    }

    public enum Mode {
        /** The first event that fits the one filter. */
        ONE,
        /** One event for each filter. */
        ALL,
        /** Events that fit any filter: the first, or all until something is so. */
        ANY
    }

    public Filter filter(int number) {
        if (number < filters.size()) {
            return filters.get(number);
        }
        if (until == null) {
            throw new IllegalArgumentException("there is no filter " + number);
        }
        return until.filter(number - filters.size());
    }

    public int size() {
        return filters.size() + (until == null ? 0 : until.size());
    }

    /**
     * @param type the event type that fits, if it is the same for all; otherwise null
     * @param with by attribute, {@code data} among them
     * @param correlate by name
     */
    public record Filter(
            @Nullable String type,
            Map<String, Condition> with,
            Map<String, Correlation> correlate) {
        public Filter {
            with = Map.copyOf(with);
            correlate = Map.copyOf(correlate);
        }

        /** Whether the attributes fit. A condition that cannot be evaluated does not. */
        public boolean fits(JsonNode event, Arguments arguments) {
            try {
                for (Map.Entry<String, Condition> attribute : with.entrySet()) {
                    JsonNode value = event.path(attribute.getKey());
                    if (!attribute.getValue().holds(value, arguments)) {
                        return false;
                    }
                }
                return true;
            } catch (ExpressionException e) {
                return false;
            }
        }
    }

    /** What an attribute of an event must be. */
    @FunctionalInterface
    public interface Condition {
        /**
         * @param value {@link MissingNode} if the event does not have the attribute
         */
        boolean holds(JsonNode value, Arguments arguments) throws ExpressionException;
    }

    /**
     * @param from takes the value from the event
     * @param expect what it must be, worked out when the listening begins; null for whatever the
     *     first event says
     */
    public record Correlation(Template from, @Nullable Template expect) {}
}
