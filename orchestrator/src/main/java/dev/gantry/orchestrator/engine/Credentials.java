package dev.gantry.orchestrator.engine;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.NullNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.gantry.orchestrator.definition.plan.Arguments;
import dev.gantry.orchestrator.definition.plan.Authentication;
import dev.gantry.orchestrator.definition.plan.ExpressionException;
import dev.gantry.orchestrator.definition.plan.Task;
import org.jspecify.annotations.Nullable;

/**
 * What a call proves itself with: worked out from the state for each attempt, handed to the
 * adapter, and in no event.
 */
final class Credentials {
    private Credentials() {}

    /** {@code {scheme, username, password}} or {@code {scheme, token}}; null for none. */
    static @Nullable JsonNode of(Task task, JsonNode input, Arguments arguments)
            throws ExpressionException {
        Authentication authentication =
                switch (task) {
                    case Task.CallHttp call -> call.authentication();
                    case Task.CallOpenApi call -> call.authentication();
                    default -> null;
                };
        ObjectNode credentials = JsonNodeFactory.instance.objectNode();
        switch (authentication) {
            case null -> {
                return null;
            }
            case Authentication.Basic basic -> {
                credentials.put("scheme", "basic");
                credentials.set("username", basic.username().evaluate(input, arguments));
                credentials.set("password", basic.password().evaluate(input, arguments));
            }
            case Authentication.Bearer bearer -> {
                credentials.put("scheme", "bearer");
                credentials.set("token", bearer.token().evaluate(input, arguments));
            }
        }
        return credentials;
    }

    /** JSON's null where they cannot be worked out, which no call is made with. */
    static @Nullable JsonNode of(ExecutionState state, Frame frame) {
        try {
            return of(frame.requireTask(), frame.input, Data.of(state, frame));
        } catch (ExpressionException e) {
            return NullNode.getInstance();
        }
    }
}
