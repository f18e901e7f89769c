package dev.gantry.orchestrator.definition.explain;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;

/** What undoes a task once it is complete. */
final class Undoing {
    /** Where it stands below a task. */
    static final String AT = "/metadata/gantry/compensate";

    private Undoing() {}

    /** A list of tasks, also where a function alone is named; missing where nothing undoes it. */
    static JsonNode of(JsonNode task) {
        JsonNode given = task.path("metadata").path("gantry").path("compensate");
        if (!given.isTextual()) {
            return given;
        }
        ArrayNode list = JsonNodeFactory.instance.arrayNode();
        list.addObject().putObject("compensate").set("call", given);
        return list;
    }
}
