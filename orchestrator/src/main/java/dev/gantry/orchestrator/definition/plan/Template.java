package dev.gantry.orchestrator.definition.plan;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Set;

/**
 * A value of a definition that may hold runtime expressions: one expression, or JSON with
 * expressions in it, or a constant. Compiled at publish; evaluation is pure and bounded in time and
 * size.
 */
public interface Template {
    /**
     * @param input what {@code .} stands for
     * @throws ExpressionException when an expression fails or exceeds a limit
     */
    JsonNode evaluate(JsonNode input, Arguments arguments) throws ExpressionException;

    /** The arguments that it may ask for, without the dollar sign. */
    default Set<String> reads() {
        return Set.of();
    }

    /** Evaluates to whether the result is neither {@code false} nor {@code null}. */
    default boolean test(JsonNode input, Arguments arguments) throws ExpressionException {
        JsonNode result = evaluate(input, arguments);
        return !(result.isNull()
                || result.isMissingNode()
                || (result.isBoolean() && !result.booleanValue()));
    }
}
