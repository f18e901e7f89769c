package dev.gantry.orchestrator.definition.expression;

import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.cfg.JsonNodeFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.gantry.orchestrator.definition.plan.Arguments;
import dev.gantry.orchestrator.definition.plan.ExpressionException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;

/** Evaluates expressions as documents have them, on JSON that is read as Gantry reads it. */
final class Evaluations {
    private static final JsonMapper JSON =
            JsonMapper.builder()
                    .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
                    .disable(JsonNodeFeature.STRIP_TRAILING_BIGDECIMAL_ZEROES)
                    .build();

    private Evaluations() {}

    static JsonNode json(String text) {
        try {
            return JSON.readTree(text);
        } catch (IOException e) {
            throw new UncheckedIOException(text, e);
        }
    }

    /** The first result as JSON text, or what is wrong behind an exclamation mark. */
    static String result(String expression, String input) {
        List<String> broken = new ArrayList<>();
        var template =
                Templates.expression(expression, "", (pointer, message) -> broken.add(message));
        if (!broken.isEmpty()) {
            return "! " + broken.getFirst();
        }
        try {
            return template.evaluate(json(input), Arguments.NONE).toString();
        } catch (ExpressionException e) {
            return "! " + e.getMessage();
        }
    }

    /** Whether values are equal with their numbers as doubles, which is all that jq compares. */
    static boolean same(JsonNode a, JsonNode b) {
        if (a.isNumber() && b.isNumber()) {
            return a.doubleValue() == b.doubleValue();
        }
        if (a.isArray() && b.isArray() && a.size() == b.size()) {
            for (int i = 0; i < a.size(); i++) {
                if (!same(a.get(i), b.get(i))) {
                    return false;
                }
            }
            return true;
        }
        if (a.isObject() && b.isObject() && a.size() == b.size()) {
            return a.properties().stream()
                    .allMatch(field ->
                            b.has(field.getKey()) && same(field.getValue(), b.get(field.getKey())));
        }
        return a.equals(b);
    }

    /** All results as a JSON list, or what is wrong behind an exclamation mark. */
    static String results(String expression, String input) {
        return result("[" + expression + "\n]", input);
    }
}
