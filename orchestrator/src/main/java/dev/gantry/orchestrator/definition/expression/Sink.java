package dev.gantry.orchestrator.definition.expression;

import com.fasterxml.jackson.databind.JsonNode;
import org.jspecify.annotations.Nullable;

/** Takes the results of a node, one after the other. */
@FunctionalInterface
interface Sink {
    /**
     * @param path where the value is, if paths are asked for
     */
    void emit(JsonNode value, @Nullable Path path);
}
