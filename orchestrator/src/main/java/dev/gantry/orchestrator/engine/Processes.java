package dev.gantry.orchestrator.engine;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.IntNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.NullNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import dev.gantry.orchestrator.definition.plan.Task.ProcessReturn;

/** What {@code return} makes of a finished process; {@code {code, stdout, stderr}} comes in. */
final class Processes {
    private Processes() {}

    static JsonNode returned(ProcessReturn returns, JsonNode process) {
        return switch (returns) {
            case STDOUT -> process.path("stdout");
            case STDERR -> process.path("stderr");
            case CODE -> process.path("code");
            case ALL -> process;
            case NONE -> NullNode.getInstance();
        };
    }

    /** A non-zero exit is an error unless the document asks for the code. */
    static boolean isFailure(ProcessReturn returns, JsonNode process) {
        return process.path("code").asInt() != 0
                && returns != ProcessReturn.CODE
                && returns != ProcessReturn.ALL;
    }

    /** A child workflow as a process: its output is what it prints. */
    static JsonNode returned(ProcessReturn returns, Event.ChildEnded ended) {
        JsonNode output = ended.output() == null ? NullNode.getInstance() : ended.output();
        return switch (returns) {
            case STDOUT -> output;
            case STDERR -> TextNode.valueOf("");
            case CODE -> IntNode.valueOf(0);
            case ALL -> {
                ObjectNode all = JsonNodeFactory.instance.objectNode();
                all.put("code", 0);
                all.set("stdout", output);
                all.put("stderr", "");
                yield all;
            }
            case NONE -> NullNode.getInstance();
        };
    }
}
