package dev.gantry.orchestrator.engine;

import com.fasterxml.jackson.databind.JsonNode;
import dev.gantry.orchestrator.definition.plan.SecretException;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;

/**
 * The secrets that one attempt gets, each looked up once: what is given is what is hidden when it
 * comes back.
 */
final class GivenSecrets implements Secrets {
    private final Secrets from;
    private final Map<String, JsonNode> known = new HashMap<>();

    GivenSecrets(Secrets from) {
        this.from = from;
    }

    @Override
    public JsonNode get(String name) throws SecretException {
        JsonNode value = known.get(name);
        if (value == null) {
            value = from.get(name);
            known.put(name, value);
        }
        return value;
    }

    /** What was asked for. */
    Collection<JsonNode> values() {
        return known.values();
    }
}
