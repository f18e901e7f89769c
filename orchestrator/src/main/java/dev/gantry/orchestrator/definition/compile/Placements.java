package dev.gantry.orchestrator.definition.compile;

import com.fasterxml.jackson.databind.JsonNode;
import dev.gantry.orchestrator.definition.plan.Task;
import dev.gantry.orchestrator.problem.Nearest;
import dev.gantry.spi.RuntimeClass;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Gantry's own additions to tasks, under {@code metadata.gantry}: a typo there is an error. */
final class Placements {
    private static final Set<String> LATER =
            Set.of("idempotencyKey", "concurrency", "breakpoint", "timezone", "requires");
    private static final Set<String> ADDITIONS =
            Stream.concat(Stream.of("runtime", "compensate"), LATER.stream())
                    .collect(Collectors.toUnmodifiableSet());

    private Placements() {}

    static Task.Placement of(JsonNode task, String pointer, Check check) {
        JsonNode gantry = gantry(task, pointer, check);
        String at = pointer + "/metadata/gantry/runtime";
        JsonNode runtime = check.object(gantry.path("runtime"), at, "'runtime'");
        if (runtime.isMissingNode()) {
            return Task.Placement.DEFAULT;
        }
        check.known(runtime, at, "'runtime'", Set.of("class", "adapter", "idempotent", "limits"));
        RuntimeClass runtimeClass = null;
        if (runtime.has("class")) {
            runtimeClass =
                    check.choice(runtime, at, "class", RuntimeClass.class, RuntimeClass.CONTAINER);
        }
        @Nullable String adapter = check.text(runtime, at, "adapter", "runtime");
        JsonNode limits = check.object(runtime.path("limits"), at + "/limits", "'limits'");
        check.known(limits, at + "/limits", "'limits'", Set.of("cpu", "memory"));
        Map<String, String> quantities = new TreeMap<>();
        limits.properties()
                .forEach(limit -> {
                    String name = limit.getKey();
                    String text = limit.getValue().asText();
                    if (check.quantity(text, Check.join(at + "/limits", name), name)) {
                        quantities.put(name, text);
                    }
                });
        return new Task.Placement(
                runtimeClass,
                adapter,
                check.flag(runtime, at, "idempotent", false),
                Map.copyOf(quantities));
    }

    /** Where a runtime means nothing, none may be named. */
    static void refuse(JsonNode of, String pointer, String what, Check check) {
        if (gantry(of, pointer, check).has("runtime")) {
            check.report(
                    "unknown-property",
                    pointer + "/metadata/gantry/runtime",
                    "metadata.gantry.runtime has no meaning for " + what,
                    "it stands at calls of functions and at 'run'",
                    "remove it");
        }
    }

    /** The additions, checked at the level that is common to all tasks. */
    static JsonNode gantry(JsonNode of, String pointer, Check check) {
        String at = pointer + "/metadata";
        JsonNode metadata = check.object(of.path("metadata"), at, "'metadata'");
        JsonNode gantry = check.object(metadata.path("gantry"), at + "/gantry", "'gantry'");
        for (String name : LATER) {
            if (gantry.has(name)) {
                check.notYet(at + "/gantry/" + name, "metadata.gantry.%s".formatted(name));
            }
        }
        check.known(gantry, at + "/gantry", "metadata.gantry", ADDITIONS);
        metadata.properties()
                .forEach(property -> {
                    // Other metadata is the author's own; this is ours, misspelt.
                    if (!property.getKey().equals("gantry")
                            && ADDITIONS.stream().anyMatch(property.getValue()::has)
                            && !Nearest.hint(property.getKey(), Set.of("gantry")).isEmpty()) {
                        check.report(
                                "unknown-property",
                                Check.join(at, property.getKey()),
                                "'%s' has Gantry's additions; did you mean 'gantry'?"
                                        .formatted(property.getKey()),
                                "gantry",
                                "did you mean 'gantry'?");
                    }
                });
        return gantry;
    }
}
