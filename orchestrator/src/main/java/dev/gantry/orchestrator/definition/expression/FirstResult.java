package dev.gantry.orchestrator.definition.expression;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.NullNode;
import net.thisptr.jackson.jq.Output;
import org.jspecify.annotations.Nullable;

/** Takes the first result of a program and ends it. */
final class FirstResult implements Output {
    private @Nullable JsonNode value;

    /** Ends the program; no error, so without a stack trace. */
    static final class Enough extends RuntimeException {
        private static final long serialVersionUID = 1L;

        private Enough() {
            super(null, null, false, false);
        }
    }

    @Override
    public void emit(JsonNode result) {
        value = result;
        throw new Enough();
    }

    JsonNode value() {
        return value == null ? NullNode.getInstance() : value;
    }
}
