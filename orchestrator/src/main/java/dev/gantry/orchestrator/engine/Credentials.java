package dev.gantry.orchestrator.engine;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.gantry.orchestrator.definition.plan.Arguments;
import dev.gantry.orchestrator.definition.plan.Authentication;
import dev.gantry.orchestrator.definition.plan.ExpressionException;
import dev.gantry.orchestrator.definition.plan.SecretException;
import dev.gantry.orchestrator.definition.plan.Task;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import org.jspecify.annotations.Nullable;

/**
 * What a call proves itself with: worked out from the state for each attempt, handed to the
 * adapter, and in no event.
 */
final class Credentials {
    private Credentials() {}

    static @Nullable Authentication authentication(Task task) {
        return switch (task) {
            case Task.CallHttp call -> call.authentication();
            case Task.CallOpenApi call -> call.authentication();
            case Task.CallGrpc call -> call.authentication();
            default -> null;
        };
    }

    /** {@code {scheme, …}} with the scheme's properties; null for none. */
    static @Nullable JsonNode of(Task task, JsonNode input, Arguments arguments)
            throws ExpressionException {
        Authentication authentication = authentication(task);
        if (authentication == null) {
            return null;
        }
        JsonNode values;
        try {
            values = authentication.values().evaluate(input, arguments);
        } catch (SecretException e) {
            throw e;
        } catch (ExpressionException e) {
            // The reason shows values.
            throw new ExpressionException("the credentials cannot be worked out; why is not shown");
        }
        if (!values.isObject()) {
            throw new ExpressionException(
                    "the values of authentication '%s' are no object"
                            .formatted(authentication.scheme()));
        }
        ObjectNode credentials = JsonNodeFactory.instance.objectNode();
        credentials.put("scheme", authentication.scheme());
        values.properties().forEach(value -> credentials.set(value.getKey(), value.getValue()));
        return credentials;
    }

    /**
     * {@code $authorization}: {@code {scheme, parameter}} as the header has them; null where there
     * is none, or only the adapter can know it.
     */
    static @Nullable JsonNode authorization(Task task, JsonNode input, Arguments arguments)
            throws ExpressionException {
        JsonNode credentials = of(task, input, arguments);
        if (credentials == null) {
            return null;
        }
        return switch (credentials.path("scheme").asText()) {
            case "basic" -> basic(credentials);
            case "bearer" -> bearer(credentials.path("token").asText());
            default -> null;
        };
    }

    private static JsonNode basic(JsonNode credentials) {
        String pair =
                credentials.path("username").asText() + ":" + credentials.path("password").asText();
        return descriptor(
                "Basic", Base64.getEncoder().encodeToString(pair.getBytes(StandardCharsets.UTF_8)));
    }

    /** {@code $authorization} of a call with a token, wherever that is from. */
    static JsonNode bearer(String token) {
        return descriptor("Bearer", token);
    }

    private static JsonNode descriptor(String scheme, String parameter) {
        return JsonNodeFactory.instance
                .objectNode()
                .put("scheme", scheme)
                .put("parameter", parameter);
    }
}
