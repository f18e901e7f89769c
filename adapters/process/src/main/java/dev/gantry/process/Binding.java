package dev.gantry.process;

import dev.gantry.spi.Workload;
import java.util.Map;
import java.util.Objects;
import java.util.Set;

/** What a registered function's block says about its process, whatever the backend. */
public final class Binding {
    /** What {@link #process} reads; a backend has keys of its own besides. */
    public static final Set<String> KEYS =
            Set.of("image", "command", "arguments", "environment", "pullPolicy");

    private static final Map<String, Workload.PullPolicy> PULL =
            Map.of(
                    "ifNotPresent", Workload.PullPolicy.IF_NOT_PRESENT,
                    "always", Workload.PullPolicy.ALWAYS,
                    "never", Workload.PullPolicy.NEVER);

    private Binding() {}

    /**
     * The process, without an image if none is given; what is wrong with it is told by the block.
     *
     * @param kind the adapter's, for messages
     */
    public static Workload.Process process(Workload.Function function, Block block, String kind) {
        String image = Objects.requireNonNullElse(block.text("image"), "");
        if (image.isEmpty()) {
            block.missing(
                    "image",
                    "function %s has no image for %s".formatted(function.name(), kind),
                    "add runtime.%s.image".formatted(kind));
        }
        return new Workload.Process(
                function.name(),
                image,
                block.texts("command"),
                null,
                block.texts("arguments"),
                block.named("environment"),
                null,
                Objects.requireNonNullElse(
                        block.oneOf("pullPolicy", PULL), Workload.PullPolicy.IF_NOT_PRESENT),
                Workload.Result.FUNCTION,
                Workload.Retention.REMOVE,
                null);
    }
}
