package dev.gantry.orchestrator.definition.compile;

import com.fasterxml.jackson.databind.JsonNode;
import dev.gantry.orchestrator.definition.expression.Templates;
import dev.gantry.spi.Workload;
import dev.gantry.spi.WorkloadProblem;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/**
 * Processes as far as their document tells them, so that the adapters which may run them can look
 * at them; what is worked out only when they run is empty.
 */
final class Processes {
    private static final List<String> SAME_PLACE = List.of("/image", "/arguments", "/environment");

    private Processes() {}

    /**
     * @param code the property that has the code, or the command
     */
    static Workload.Process of(JsonNode process, String code) {
        Map<String, String> environment = new TreeMap<>();
        process.path("environment")
                .properties()
                .forEach(variable -> environment.put(variable.getKey(), text(variable.getValue())));
        List<String> arguments = new ArrayList<>();
        JsonNode listed = process.path("arguments");
        if (listed.isArray()) {
            listed.forEach(argument -> arguments.add(text(argument)));
        }
        String script = text(process.path(code));
        return new Workload.Process(
                text(process.path("name")),
                text(process.path("image")),
                List.of(),
                script.isEmpty() ? null : new Workload.Script("script", script),
                arguments,
                environment,
                text(process.path("stdin")),
                Workload.PullPolicy.IF_NOT_PRESENT,
                Workload.Result.PROCESS,
                Workload.Retention.REMOVE,
                null);
    }

    private static String text(JsonNode value) {
        if (value.isMissingNode() || value.isContainerNode()) {
            return "";
        }
        String text = value.asText();
        return value.isTextual() && Templates.isExpression(text) ? "" : text;
    }

    /** Writes down what any of the adapters says; what two of them say alike, once. */
    static void check(
            Workload.Process process,
            List<String> adapters,
            Registry registry,
            String at,
            String code,
            Check check) {
        Set<WorkloadProblem> problems = new LinkedHashSet<>();
        adapters.forEach(adapter -> problems.addAll(registry.check(adapter, process)));
        problems.forEach(problem -> report(problem, pointer(problem.pointer(), at, code), check));
    }

    private static String pointer(String of, String at, String code) {
        if (SAME_PLACE.stream().anyMatch(of::startsWith)) {
            return at + of;
        }
        return of.startsWith("/script") ? at + "/" + code : at;
    }

    static void report(WorkloadProblem problem, String pointer, Check check) {
        check.report(
                "invalid-workload",
                pointer,
                problem.message(),
                problem.expected(),
                problem.suggestion());
    }
}
