package dev.gantry.orchestrator.definition.plan;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Duration;

/** A duration of a definition: constant, or an expression that gives an ISO 8601 string. */
@FunctionalInterface
public interface DurationTemplate {
    Duration evaluate(JsonNode input, Arguments arguments) throws ExpressionException;

    static DurationTemplate of(Duration constant) {
        return (input, arguments) -> constant;
    }
}
