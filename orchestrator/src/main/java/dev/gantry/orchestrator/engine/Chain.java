package dev.gantry.orchestrator.engine;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;

/**
 * How many lifecycle events, one after another, led to an execution: an alert that faults must not
 * raise alerts without end. The events that an execution sends carry it, above zero, as an
 * extension attribute; its children inherit it.
 */
public final class Chain {
    private static final String ATTRIBUTE = "gantrychain";

    private Chain() {}

    /** The chain of what an event starts. */
    public static int after(JsonNode event) {
        int chain = Math.max(0, event.path(ATTRIBUTE).asInt(0));
        boolean isLifecycle = event.path("type").asText().startsWith(Lifecycle.PREFIX);
        return isLifecycle && chain < Integer.MAX_VALUE ? chain + 1 : chain;
    }

    static void mark(ObjectNode event, int chain) {
        if (chain > 0) {
            event.put(ATTRIBUTE, chain);
        }
    }
}
