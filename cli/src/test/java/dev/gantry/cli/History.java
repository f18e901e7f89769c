package dev.gantry.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import dev.gantry.cli.client.Json;
import java.time.Instant;

/** Builds an execution's history in the shape of the API. */
public final class History {
    private static final Instant BEGIN = Instant.parse("2026-11-20T08:00:00Z");

    private final ArrayNode events = JsonNodeFactory.instance.arrayNode();

    /**
     * @param task JSON Pointer; empty for events of the whole execution
     * @param data with apostrophes for quotation marks
     */
    public History at(long millis, String type, String task, String data) {
        var event =
                Json.object()
                        .put("sequence", events.size() + 1)
                        .put("at", BEGIN.plusMillis(millis).toString())
                        .put("type", type);
        if (!task.isEmpty()) {
            event.put("task", task);
        }
        event.set("data", Json.parse(data.replace('\'', '"')));
        events.add(event);
        return this;
    }

    public JsonNode events() {
        return events;
    }

    public String page() {
        var page = Json.object();
        page.set("items", events);
        return page.toString();
    }

    /** An order that is charged on the second attempt while a container packs it. */
    public static History ofOrder() {
        return new History()
                .at(0, "ExecutionStarted", "", "{}")
                .at(0, "InputAccepted", "", "{}")
                .at(1, "TaskEntered", "/do/0/price", "{'frame': 1, 'parent': 0, 'iteration': ''}")
                .at(1, "TaskCompleted", "/do/0/price", "{'frame': 1, 'next': 1}")
                .at(2, "TaskEntered", "/do/1/prepare", "{'frame': 2, 'parent': 0}")
                .at(
                        2,
                        "TaskEntered",
                        "/do/1/prepare/fork/branches/0/pack",
                        "{'frame': 3, 'parent': 2}")
                .at(
                        2,
                        "StepScheduled",
                        "/do/1/prepare/fork/branches/0/pack",
                        "{'frame': 3, 'attempt': 1, 'adapter': 'docker', 'runtimeClass': 'CONTAINER'}")
                .at(
                        2,
                        "TaskEntered",
                        "/do/1/prepare/fork/branches/1/charge",
                        "{'frame': 4, 'parent': 2}")
                .at(
                        2,
                        "StepScheduled",
                        "/do/1/prepare/fork/branches/1/charge",
                        "{'frame': 4, 'attempt': 1, 'adapter': 'local-mock', 'runtimeClass': 'FAAS'}")
                .at(
                        250,
                        "StepEnded",
                        "/do/1/prepare/fork/branches/1/charge",
                        "{'frame': 4, 'attempt': 1, 'result': {'type': 'Failed', 'failure':"
                                + " {'code': 'HTTP_503', 'message': 'try later'}}}")
                .at(
                        250,
                        "StepRetryScheduled",
                        "/do/1/prepare/fork/branches/1/charge",
                        "{'frame': 4, 'attempt': 1, 'at': '2026-11-20T08:00:00.750Z'}")
                .at(
                        751,
                        "StepScheduled",
                        "/do/1/prepare/fork/branches/1/charge",
                        "{'frame': 4, 'attempt': 2, 'adapter': 'local-mock', 'runtimeClass': 'FAAS'}")
                .at(
                        900,
                        "StepEnded",
                        "/do/1/prepare/fork/branches/0/pack",
                        "{'frame': 3, 'attempt': 1, 'result': {'type': 'Succeeded'}}")
                .at(
                        900,
                        "TaskCompleted",
                        "/do/1/prepare/fork/branches/0/pack",
                        "{'frame': 3, 'next': -1}")
                .at(
                        1000,
                        "StepEnded",
                        "/do/1/prepare/fork/branches/1/charge",
                        "{'frame': 4, 'attempt': 2, 'result': {'type': 'Succeeded'}}")
                .at(1000, "TaskCompleted", "/do/1/prepare", "{'frame': 2, 'next': -1}")
                .at(1000, "ExecutionCompleted", "", "{}");
    }
}
