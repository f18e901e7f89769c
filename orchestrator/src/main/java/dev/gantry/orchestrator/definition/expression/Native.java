package dev.gantry.orchestrator.definition.expression;

import com.fasterxml.jackson.databind.JsonNode;

/** A built-in function that makes one value of its input and the values of its arguments. */
@FunctionalInterface
interface Native {
    JsonNode apply(JsonNode in, JsonNode[] arguments);
}
