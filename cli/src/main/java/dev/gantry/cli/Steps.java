package dev.gantry.cli;

import com.fasterxml.jackson.databind.JsonNode;
import dev.gantry.cli.client.Api;
import dev.gantry.cli.client.Json;
import dev.gantry.cli.client.Request;
import java.util.ArrayList;
import java.util.List;

/** The steps of an execution, and which of them a person means. */
final class Steps {
    private Steps() {}

    static String path(String execution) {
        return "/v1/executions/" + Request.encode(execution) + "/steps";
    }

    static List<JsonNode> all(Api api, String execution) {
        List<JsonNode> steps = new ArrayList<>();
        api.items(Request.get(path(execution))).forEach(steps::add);
        return steps;
    }

    static String task(JsonNode step) {
        return ExecutionText.task(Json.text(step, "pointer"), Json.text(step, "iteration"));
    }

    /**
     * The numbers of the steps that are meant: a task in a loop has many.
     *
     * @param wanted number, name of the task, or its JSON Pointer
     */
    static List<String> numbers(Api api, String execution, String wanted) {
        if (wanted.matches("\\d{1,9}")) {
            return List.of(wanted);
        }
        List<String> numbers = new ArrayList<>();
        List<String> tasks = new ArrayList<>();
        for (JsonNode step : all(api, execution)) {
            String pointer = Json.text(step, "pointer");
            if (wanted.equals(task(step))
                    || wanted.equals(pointer)
                    || wanted.equals(ExecutionText.task(pointer, ""))) {
                numbers.add(step.path("step").asText());
            }
            tasks.add(task(step));
        }
        if (numbers.isEmpty()) {
            throw new UsageException(
                    "execution %s has no step '%s'; there are: %s"
                            .formatted(
                                    execution,
                                    wanted,
                                    tasks.isEmpty() ? "none yet" : String.join(", ", tasks)));
        }
        return numbers;
    }
}
