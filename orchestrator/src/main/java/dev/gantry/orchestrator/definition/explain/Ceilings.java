package dev.gantry.orchestrator.definition.explain;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Duration;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What a platform puts an end to, whatever a document says.
 *
 * @param attempt the longest attempt of a step
 * @param execution the longest execution
 * @param retries the most of one policy
 */
public record Ceilings(Duration attempt, Duration execution, int retries) {
    /** Data of the author's, which may look like anything. */
    private static final Set<String> DATA =
            Set.of("set", "with", "input", "output", "export", "environment", "data");

    private static final Set<String> STEPS = Set.of("call", "run");

    /** What a document asks for and does not get here, each as a sentence. */
    public List<String> exceeded(JsonNode document) {
        List<String> found = new ArrayList<>();
        Duration whole = duration(document.path("timeout").path("after"));
        longer(found, "/timeout", whole, execution, "gantry.execution.max-duration");
        look(document, "", found);
        return found;
    }

    private void look(JsonNode node, String pointer, List<String> found) {
        if (node.isObject()) {
            task(node, pointer, found);
        }
        node.properties()
                .forEach(property -> {
                    if (!DATA.contains(property.getKey())) {
                        String at = pointer + "/" + property.getKey();
                        look(property.getValue(), at, found);
                    }
                });
        if (node.isArray()) {
            for (int i = 0; i < node.size(); i++) {
                look(node.get(i), pointer + "/" + i, found);
            }
        }
    }

    private void task(JsonNode node, String pointer, List<String> found) {
        JsonNode count = node.path("limit").path("attempt").path("count");
        if (count.isNumber() && count.asLong() > retries) {
            found.add(
                    "%s/limit/attempt/count is %s; at most %d retries are made here (gantry.execution.max-retries)."
                            .formatted(pointer, count, retries));
        }
        String limit = "gantry.execution.max-step-timeout";
        Duration ofAttempt = duration(node.path("limits").path("timeout"));
        longer(found, pointer + "/limits/timeout", ofAttempt, attempt, limit);
        if (STEPS.stream().anyMatch(node::has)) {
            Duration ofTask = duration(node.path("timeout").path("after"));
            longer(found, pointer + "/timeout", ofTask, attempt, limit);
        }
        Duration wait = duration(node.path("wait"));
        longer(found, pointer + "/wait", wait, execution, "gantry.execution.max-duration");
    }

    private static void longer(
            List<String> found,
            String pointer,
            @Nullable Duration said,
            Duration most,
            String setting) {
        if (said != null && said.compareTo(most) > 0) {
            found.add(
                    "%s is %s; it ends after %s here (%s)."
                            .formatted(pointer, said, most, setting));
        }
    }

    /** Null if it is none, or depends on data. */
    private static @Nullable Duration duration(JsonNode value) {
        if (value.isTextual()) {
            try {
                return Duration.parse(value.textValue());
            } catch (DateTimeParseException e) {
                return null;
            }
        }
        return value.isObject()
                ? Duration.ofDays(value.path("days").asLong())
                        .plusHours(value.path("hours").asLong())
                        .plusMinutes(value.path("minutes").asLong())
                        .plusSeconds(value.path("seconds").asLong())
                        .plusMillis(value.path("milliseconds").asLong())
                : null;
    }
}
