package dev.gantry.orchestrator.definition.plan;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;

/** A compiled JSON Schema. */
@FunctionalInterface
public interface Schema {
    /** What is wrong with the value, at most 20 findings; empty if it is valid. */
    List<Finding> validate(JsonNode value);

    /**
     * @param pointer JSON Pointer of the place in the value
     */
    record Finding(String pointer, String message) {
        @Override
        public String toString() {
            return (pointer.isEmpty() ? "/" : pointer) + ": " + message;
        }
    }
}
