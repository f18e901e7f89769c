package dev.gantry.orchestrator.id;

import dev.gantry.spi.RuntimeClass;
import dev.gantry.spi.Workload;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * What a step asks of the adapter that takes it.
 *
 * @param classes the wanted one, then those to fall back to
 * @param only restricts the choice to this kind, if not null
 * @param order a function's own choice and order among the adapters that the policy allows; empty
 *     for the policy's
 * @param blocks the function as each adapter sees it that it has a block for; it can run it, unless
 *     it {@linkplain dev.gantry.spi.RunnerAdapter#lack lacks} what the block asks for
 * @param isProcess whether adapters without a block get a process: an inline one, or a function's
 *     source. If not, they get a function of which they know the name alone
 */
public record Need(
        List<RuntimeClass> classes,
        @Nullable String only,
        List<String> order,
        Map<String, Workload.Function> blocks,
        boolean isProcess) {
    public Need {
        classes = List.copyOf(classes);
        order = List.copyOf(order);
        blocks = Map.copyOf(blocks);
    }

    /** For people who look for an adapter. */
    public String described() {
        String text =
                classes.stream()
                        .map(RuntimeClass::label)
                        .collect(Collectors.joining("', '", "runtime class '", "'"));
        if (only != null) {
            text += " as '%s'".formatted(only);
        }
        if (!isProcess && !blocks.isEmpty()) {
            text +=
                    " for a function that has a block for %s and no source"
                            .formatted(
                                    blocks.keySet().stream()
                                            .sorted()
                                            .collect(Collectors.joining("', '", "'", "'")));
        }
        return text;
    }
}
