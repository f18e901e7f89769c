package dev.gantry.orchestrator.engine;

import com.fasterxml.jackson.databind.JsonNode;
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
    public static @Nullable String of(Listening.Filter filter, JsonNode event) {
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
}
