package dev.gantry.orchestrator.definition.plan;

import com.fasterxml.jackson.databind.JsonNode;
import org.jspecify.annotations.Nullable;

/**
 * The runtime arguments of an expression ({@code $context}, {@code $input}, a loop's {@code $item}
 * …). Asked only for the names that the expression mentions, so costly ones are built on demand.
 */
@FunctionalInterface
public interface Arguments {
    Arguments NONE = name -> null;

    /**
     * @param name without the dollar sign; null if there is no such argument here
     * @throws ExpressionException when there is one and its value is not to be had
     */
    @Nullable JsonNode get(String name) throws ExpressionException;
}
