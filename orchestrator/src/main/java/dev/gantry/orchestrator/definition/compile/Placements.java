package dev.gantry.orchestrator.definition.compile;

import com.fasterxml.jackson.databind.JsonNode;
import dev.gantry.orchestrator.definition.plan.Task;
import dev.gantry.orchestrator.problem.Nearest;
import dev.gantry.spi.RuntimeClass;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Gantry's own additions to tasks, under {@code metadata.gantry}: a typo there is an error. */
final class Placements {
    private static final Set<String> LATER = Set.of("breakpoint", "timezone");
    static final Set<String> ADDITIONS =
            Stream.concat(
                            Stream.of(
                                    "runtime",
                                    "compensate",
                                    "concurrency",
                                    "idempotencyKey",
                                    "requires"),
                            LATER.stream())
                    .collect(Collectors.toUnmodifiableSet());

    private static final int MOST_ROUNDS = 1_000;

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
                    check.choice(runtime, at, "class", RuntimeClass.PLACED, RuntimeClass.CONTAINER);
        }
        @Nullable String adapter = check.text(runtime, at, "adapter", "runtime");
        JsonNode limits = check.object(runtime.path("limits"), at + "/limits", "'limits'");
        check.known(limits, at + "/limits", "'limits'", Set.of("cpu", "memory", "timeout"));
        Map<String, String> quantities = new TreeMap<>();
        limits.properties()
                .forEach(limit -> {
                    String name = limit.getKey();
                    String text = limit.getValue().asText();
                    if (name.equals("timeout")) {
                        Duration timeout =
                                new Values(check)
                                        .fixedDuration(limit.getValue(), at + "/limits/timeout");
                        if (timeout != null) {
                            quantities.put(name, timeout.toString());
                        }
                    } else if (check.quantity(text, Check.join(at + "/limits", name), name)) {
                        quantities.put(name, text);
                    }
                });
        return new Task.Placement(
                runtimeClass,
                adapter,
                check.flag(runtime, at, "idempotent", false),
                Map.copyOf(quantities));
    }

    /** Where each addition has a meaning. */
    private static final Map<String, String> STANDS =
            Map.of(
                    "runtime", "it stands at calls of functions and at 'run'",
                    "compensate", "it stands at tasks",
                    "concurrency", "it stands at 'for'",
                    "idempotencyKey", "it stands at 'call' and at 'run'",
                    "requires", "it stands at 'document'");

    /** Where an addition means nothing, it may not stand. */
    static void refuse(JsonNode of, String pointer, String what, Check check, String... additions) {
        JsonNode gantry = gantry(of, pointer, check);
        for (String name : additions) {
            if (gantry.has(name)) {
                check.report(
                        "unknown-property",
                        pointer + "/metadata/gantry/" + name,
                        "metadata.gantry.%s has no meaning for %s".formatted(name, what),
                        STANDS.get(name),
                        "remove it");
            }
        }
    }

    /** How many rounds of a loop run side by side; 1 if it is not said. */
    static int concurrency(JsonNode task, String pointer, Check check) {
        JsonNode gantry = gantry(task, pointer, check);
        Integer given = check.count(gantry, pointer + "/metadata/gantry", "concurrency");
        if (given == null) {
            return 1;
        }
        if (given < 1 || given > MOST_ROUNDS) {
            check.report(
                    "invalid-value",
                    pointer + "/metadata/gantry/concurrency",
                    "'concurrency' is %d".formatted(given),
                    "1 to %d".formatted(MOST_ROUNDS),
                    null);
        } else if (task.has("while")) {
            check.report(
                    "invalid-value",
                    pointer + "/while",
                    "rounds that run side by side cannot decide whether there is a next one",
                    "'while', or metadata.gantry.concurrency",
                    "remove one of them");
        }
        return given;
    }

    /**
     * What a document says it relies on is there, and it relies on nothing else: who reads the list
     * must be able to trust it.
     */
    static void requires(JsonNode root, Check check) {
        String at = "/document/metadata/gantry/requires";
        JsonNode list =
                check.list(
                        root.path("document").path("metadata").path("gantry").path("requires"),
                        at,
                        "'requires'");
        if (list.isMissingNode()) {
            return;
        }
        Set<String> listed = new TreeSet<>();
        for (int i = 0; i < list.size(); i++) {
            String name = list.get(i).asText();
            listed.add(name);
            if (!ADDITIONS.contains(name) || LATER.contains(name) || name.equals("requires")) {
                check.report(
                        "unknown-addition",
                        at + "/" + i,
                        "this Gantry has no addition '%s'%s"
                                .formatted(name, Nearest.hint(name, REQUIRABLE)),
                        "one of " + REQUIRABLE,
                        null);
            }
        }
        for (JsonNode metadata : root.findValues("metadata")) {
            metadata.path("gantry")
                    .fieldNames()
                    .forEachRemaining(name -> {
                        if (REQUIRABLE.contains(name) && !listed.contains(name)) {
                            check.report(
                                    "missing-addition",
                                    at,
                                    "the document uses '%s' and does not list it".formatted(name),
                                    "every addition that it uses",
                                    "add '%s'".formatted(name));
                        }
                    });
        }
    }

    private static final List<String> REQUIRABLE =
            List.of("compensate", "concurrency", "idempotencyKey", "runtime");

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
