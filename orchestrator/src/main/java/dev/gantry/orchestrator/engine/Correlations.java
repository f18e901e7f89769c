package dev.gantry.orchestrator.engine;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.NullNode;
import dev.gantry.orchestrator.definition.plan.Arguments;
import dev.gantry.orchestrator.definition.plan.ExpressionException;
import dev.gantry.orchestrator.definition.plan.Listening;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Correlation values as text, so that a listener can be found by them: among a million executions
 * that wait for the same type of event, only those that expect this one's values are woken.
 */
public final class Correlations {
    private Correlations() {}

    /** Equal for equal values, whatever their spelling. */
    static String text(JsonNode value) {
        return value.isNumber()
                ? value.decimalValue().stripTrailingZeros().toString()
                : value.toString();
    }

    /** What the filter expects of all its correlations; null if it does not know all of them. */
    static @Nullable String expected(
            Listening.Filter filter, int number, Map<String, JsonNode> expected) {
        Map<String, String> values = new TreeMap<>();
        for (var correlation : filter.correlate().entrySet()) {
            JsonNode value = expected.get(number + "/" + correlation.getKey());
            if (correlation.getValue().expect() == null || value == null) {
                return null;
            }
            values.put(correlation.getKey(), text(value));
        }
        return values.isEmpty() ? null : values.toString();
    }

    /**
     * What the event says; null if that cannot be told without an execution, or one value is
     * missing.
     */
    public static @Nullable String of(Listening.Filter filter, JsonNode sent) {
        JsonNode event = EventData.with(sent);
        Map<String, String> values = new TreeMap<>();
        try {
            for (var correlation : filter.correlate().entrySet()) {
                JsonNode value = correlation.getValue().from().evaluate(event, Arguments.NONE);
                values.put(correlation.getKey(), text(value));
            }
        } catch (ExpressionException e) {
            return null;
        }
        return values.isEmpty() ? null : values.toString();
    }

    /**
     * What the event says where there is no execution yet; empty if the filter does not ask, null
     * if the event does not say it, or not what is expected.
     */
    public static @Nullable String ofStart(Listening.Filter filter, JsonNode sent) {
        if (filter.correlate().isEmpty()) {
            return "";
        }
        JsonNode event = EventData.with(sent);
        try {
            for (var correlation : filter.correlate().entrySet()) {
                Listening.Correlation wanted = correlation.getValue();
                if (wanted.expect() != null
                        && !text(wanted.expect().evaluate(NullNode.getInstance(), Arguments.NONE))
                                .equals(text(wanted.from().evaluate(event, Arguments.NONE)))) {
                    return null;
                }
            }
        } catch (ExpressionException e) {
            return null;
        }
        return of(filter, event);
    }
}
