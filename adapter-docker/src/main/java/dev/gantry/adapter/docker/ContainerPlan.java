package dev.gantry.adapter.docker;

import dev.gantry.spi.Attempt;
import dev.gantry.spi.Workload;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** What an attempt's workload asks for, whichever form it has. */
record ContainerPlan(
        String image,
        List<String> command,
        List<String> arguments,
        Map<String, String> environment,
        byte[] stdin,
        Workload.PullPolicy pull,
        Workload.Result result,
        Workload.Retention retention,
        @Nullable Duration keepFor,
        String name,
        @Nullable String network,
        @Nullable String user) {
    static final Set<String> KEYS =
            Set.of("image", "command", "arguments", "environment", "pullPolicy", "network", "user");

    /**
     * @throws IllegalArgumentException naming what is wrong in the binding
     */
    static ContainerPlan of(Attempt attempt) {
        return switch (attempt.workload()) {
            case Workload.Process process -> process(process, attempt.input());
            case Workload.Function function -> function(function, attempt.input());
        };
    }

    private static ContainerPlan process(Workload.Process process, byte[] input) {
        String stdin = process.stdin();
        return new ContainerPlan(
                process.image(),
                process.command(),
                process.arguments(),
                process.environment(),
                stdin == null ? input : stdin.getBytes(java.nio.charset.StandardCharsets.UTF_8),
                process.pull(),
                process.result(),
                process.retention(),
                process.keepFor(),
                process.name(),
                null,
                null);
    }

    private static ContainerPlan function(Workload.Function function, byte[] input) {
        Map<String, Object> binding = function.binding();
        for (String key : new TreeSet<>(binding.keySet())) {
            if (!KEYS.contains(key)) {
                throw new IllegalArgumentException(
                        "unknown property '%s' in the docker binding of %s; expected is one of %s"
                                .formatted(key, function.name(), new TreeSet<>(KEYS)));
            }
        }
        Object image = binding.get("image");
        if (image == null) {
            throw new IllegalArgumentException(
                    "function %s has no image for docker: add runtime.docker.image"
                            .formatted(function.name()));
        }
        Map<String, String> environment = new TreeMap<>();
        if (binding.get("environment") instanceof Map<?, ?> variables) {
            variables.forEach(
                    (name, value) -> environment.put(String.valueOf(name), String.valueOf(value)));
        }
        return new ContainerPlan(
                image.toString(),
                texts(binding.get("command")),
                texts(binding.get("arguments")),
                environment,
                input,
                pull(binding.get("pullPolicy")),
                Workload.Result.FUNCTION,
                Workload.Retention.REMOVE,
                null,
                function.name(),
                text(binding.get("network")),
                text(binding.get("user")));
    }

    private static @Nullable String text(@Nullable Object value) {
        return value == null ? null : value.toString();
    }

    private static List<String> texts(@Nullable Object value) {
        List<String> texts = new ArrayList<>();
        if (value instanceof List<?> list) {
            list.forEach(item -> texts.add(String.valueOf(item)));
        } else if (value != null) {
            texts.add(value.toString());
        }
        return texts;
    }

    private static Workload.PullPolicy pull(@Nullable Object value) {
        return switch (value == null ? "ifNotPresent" : value.toString()) {
            case "ifNotPresent" -> Workload.PullPolicy.IF_NOT_PRESENT;
            case "always" -> Workload.PullPolicy.ALWAYS;
            case "never" -> Workload.PullPolicy.NEVER;
            default ->
                    throw new IllegalArgumentException(
                            "pullPolicy is '%s'; expected is ifNotPresent, always or never"
                                    .formatted(value));
        };
    }
}
