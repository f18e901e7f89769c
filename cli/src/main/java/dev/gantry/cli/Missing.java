package dev.gantry.cli;

import com.fasterxml.jackson.databind.JsonNode;
import dev.gantry.cli.client.Json;
import dev.gantry.cli.document.Document;
import java.util.List;

/** Definitions that a server misses, and that are among the documents at hand. */
final class Missing {
    /** How far below its place a {@code run: workflow} has the name. */
    private static final int LINES = 5;

    private Missing() {}

    static boolean isMissing(JsonNode problem) {
        String code = Json.text(problem, "code");
        return code.equals("unknown-function") || code.equals("unknown-workflow");
    }

    /**
     * Whether what a problem misses is one of the definitions. The place in the document decides,
     * not the words of the problem.
     */
    static boolean isAmong(List<JsonNode> definitions, JsonNode problem, Document document) {
        if (!isMissing(problem)) {
            return false;
        }
        String place =
                String.join(
                        "\n",
                        document.text()
                                .lines()
                                .skip(Math.max(0, problem.path("line").asInt() - 1L))
                                .limit(LINES)
                                .toList());
        String kind =
                Json.text(problem, "code").equals("unknown-function") ? "function" : "workflow";
        return definitions.stream()
                .filter(definition -> Json.text(definition, "kind").equals(kind))
                .anyMatch(definition -> names(place, Json.text(definition, "name")));
    }

    private static boolean names(String place, String name) {
        return java.util.regex.Pattern.compile(
                        "(?<![\\w-])" + java.util.regex.Pattern.quote(name) + "(?![\\w-])")
                .matcher(place)
                .find();
    }
}
