package dev.gantry.orchestrator.definition.expression;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.TextNode;

/** A program failed on a value; {@code try} catches it. */
final class JqError extends RuntimeException {
    private static final long serialVersionUID = 1L;

    /** What {@code catch} is given. */
    private final transient JsonNode value;

    JqError(String message) {
        super(message, null, false, false);
        this.value = TextNode.valueOf(message);
    }

    JqError(JsonNode value) {
        super(
                value.isTextual()
                        ? value.textValue()
                        : "it raises the error " + Shown.json(value, Shown.LENGTH),
                null,
                false,
                false);
        this.value = value;
    }

    JsonNode value() {
        return value;
    }
}
