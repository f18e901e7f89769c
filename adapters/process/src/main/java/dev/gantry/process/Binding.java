package dev.gantry.adapter.docker;

import dev.gantry.spi.Workload;
import dev.gantry.spi.WorkloadProblem;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** A function's block for Docker: what it asks for, and everything that is wrong with its form. */
final class Binding {
    private static final Set<String> KEYS =
            Set.of("image", "command", "arguments", "environment", "pullPolicy", "network", "user");
    private static final List<String> PULL = List.of("ifNotPresent", "always", "never");

    private final Workload.Function function;
    private final Map<String, Object> block;
    private final List<WorkloadProblem> problems;

    Binding(Workload.Function function) {
        this.function = function;
        this.block = function.binding();
        this.problems =
                new ArrayList<>(WorkloadProblem.unknownKeys(block, "", "the docker block", KEYS));
    }

    /** What is wrong, or of the wrong type. */
    List<WorkloadProblem> problems() {
        plan();
        return problems;
    }

    ContainerPlan plan() {
        return new ContainerPlan(
                image(),
                texts("command"),
                null,
                texts("arguments"),
                environment(),
                null,
                pull(),
                Workload.Result.FUNCTION,
                Workload.Retention.REMOVE,
                null,
                function.name(),
                text("network"),
                text("user"));
    }

    private String image() {
        String image = text("image");
        boolean misspelt =
                problems.stream()
                        .anyMatch(problem -> "did you mean 'image'?".equals(problem.suggestion()));
        if ((image == null || image.isEmpty()) && !misspelt) {
            problems.add(
                    new WorkloadProblem(
                            image == null ? "" : "/image",
                            "function %s has no image for docker".formatted(function.name()),
                            "'image'",
                            "add runtime.docker.image"));
        }
        return image == null ? "" : image;
    }

    private @Nullable String text(String key) {
        Object value = block.get(key);
        if (value == null || isScalar(value)) {
            return value == null ? null : value.toString();
        }
        wrong("/" + key, key, value, "text");
        return null;
    }

    /** A list, or a single text that stands for a list of one. */
    private List<String> texts(String key) {
        Object value = block.get(key);
        List<String> texts = new ArrayList<>();
        if (value instanceof List<?> list) {
            for (int i = 0; i < list.size(); i++) {
                Object item = list.get(i);
                if (!isScalar(item)) {
                    wrong("/%s/%d".formatted(key, i), key, item, "text");
                }
                texts.add(String.valueOf(item));
            }
        } else if (value != null && isScalar(value)) {
            texts.add(value.toString());
        } else if (value != null) {
            wrong("/" + key, key, value, "a list of texts");
        }
        return texts;
    }

    private Map<String, String> environment() {
        Map<String, String> environment = new TreeMap<>();
        Object value = block.get("environment");
        if (value instanceof Map<?, ?> variables) {
            variables.forEach((name, content) -> {
                if (!isScalar(content)) {
                    String variable = String.valueOf(name);
                    wrong(
                            "/environment/" + WorkloadProblem.escaped(variable),
                            variable,
                            content,
                            "text");
                }
                environment.put(String.valueOf(name), String.valueOf(content));
            });
        } else if (value != null) {
            wrong("/environment", "environment", value, "names and texts");
        }
        return environment;
    }

    private Workload.PullPolicy pull() {
        String written = text("pullPolicy");
        return switch (written) {
            case null -> Workload.PullPolicy.IF_NOT_PRESENT;
            case "ifNotPresent" -> Workload.PullPolicy.IF_NOT_PRESENT;
            case "always" -> Workload.PullPolicy.ALWAYS;
            case "never" -> Workload.PullPolicy.NEVER;
            default -> {
                problems.add(
                        new WorkloadProblem(
                                "/pullPolicy",
                                "pullPolicy is '%s'".formatted(written),
                                "one of " + PULL,
                                WorkloadProblem.nearest(written, PULL)
                                        .map("did you mean '%s'?"::formatted)
                                        .orElse(null)));
                yield Workload.PullPolicy.IF_NOT_PRESENT;
            }
        };
    }

    private static boolean isScalar(@Nullable Object value) {
        return value != null && !(value instanceof Map) && !(value instanceof List);
    }

    private void wrong(String pointer, String what, @Nullable Object value, String expected) {
        String kind =
                switch (value) {
                    case null -> "nothing";
                    case Map<?, ?> _ -> "an object";
                    case List<?> _ -> "a list";
                    default -> "'%s'".formatted(value);
                };
        problems.add(
                new WorkloadProblem(pointer, "'%s' is %s".formatted(what, kind), expected, null));
    }
}
