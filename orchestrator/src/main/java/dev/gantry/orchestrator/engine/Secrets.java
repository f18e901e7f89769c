package dev.gantry.orchestrator.engine;

import com.fasterxml.jackson.databind.JsonNode;
import dev.gantry.orchestrator.definition.plan.SecretException;

/** Where an execution's secrets are looked up, each time anew. What is found is never journaled. */
@FunctionalInterface
public interface Secrets {
    Secrets NONE =
            name -> {
                throw new SecretException("secret '%s' can not be had here".formatted(name));
            };

    /**
     * @throws SecretException if the tenant has no such secret, or it cannot be read
     */
    JsonNode get(String name) throws SecretException;
}
