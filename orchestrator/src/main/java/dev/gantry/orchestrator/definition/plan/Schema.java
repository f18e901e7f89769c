package dev.gantry.orchestrator.definition.plan;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;

/** A compiled JSON Schema. */
@FunctionalInterface
public interface Schema {
    /** What is wrong with the value, at most 20 findings, each with its place; empty if valid. */
    List<String> validate(JsonNode value);
}
