package dev.gantry.orchestrator.definition.plan;

import dev.gantry.orchestrator.id.DefinitionRef;
import dev.gantry.spi.RuntimeClass;
import dev.gantry.spi.Workload;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * One version of a function.
 *
 * @param bindings adapter kind → the document's block for it
 * @param source code that came with the function, or null
 * @param idempotent whether an attempt that may have taken effect may be repeated
 * @param retry of failed attempts within one step, or null for none
 * @param fallback runtime classes to try when no adapter of the first is connected
 * @param adapters its own choice and order among the adapters that the policy allows; empty for the
 *     policy's
 */
public record FunctionPlan(
        DefinitionRef ref,
        RuntimeClass runtimeClass,
        Map<String, Map<String, Object>> bindings,
        @Nullable Source source,
        @Nullable Schema inputSchema,
        @Nullable Schema outputSchema,
        Resources resources,
        boolean idempotent,
        @Nullable RetryPolicy retry,
        List<RuntimeClass> fallback,
        List<String> adapters,
        Map<String, String> tags) {
    public FunctionPlan {
        // Once for all steps: who makes a workload of a block takes it as it is.
        bindings =
                bindings.entrySet().stream()
                        .collect(
                                Collectors.toUnmodifiableMap(
                                        Map.Entry::getKey, block -> Map.copyOf(block.getValue())));
        fallback = List.copyOf(fallback);
        adapters = List.copyOf(adapters);
        tags = Map.copyOf(tags);
    }

    /** The function as each adapter sees it that it has a block for, by their kinds. */
    public Map<String, Workload.Function> workloads() {
        Map<String, Workload.Function> workloads = new LinkedHashMap<>();
        bindings.forEach((kind, binding) -> workloads.put(kind, workload(binding)));
        return workloads;
    }

    /**
     * @param binding the block for an adapter
     */
    public Workload.Function workload(Map<String, Object> binding) {
        return new Workload.Function(
                ref.namespace() + "/" + ref.name(),
                ref.version(),
                binding,
                source == null ? null : source.script());
    }

    /** The runtime class, then those to fall back to. */
    public List<RuntimeClass> classes() {
        return Stream.concat(Stream.of(runtimeClass), fallback.stream()).distinct().toList();
    }

    /**
     * @param image the runtime image that it runs on
     */
    public record Source(Language language, String image, String code) {
        public Workload.Script script() {
            return language.script(code);
        }
    }

    /**
     * @param cpuMillis null for the adapter's default
     * @param memoryBytes null for the adapter's default
     * @param timeout of one attempt, null for the platform's default
     * @param concurrency how many steps of this version run at the same time on a node, null for no
     *     limit
     */
    public record Resources(
            @Nullable Integer cpuMillis,
            @Nullable Long memoryBytes,
            @Nullable Duration timeout,
            @Nullable Integer concurrency) {
        public static final Resources DEFAULT = new Resources(null, null, null, null);
    }
}
