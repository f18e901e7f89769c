package dev.gantry.orchestrator.runner;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Set;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The input of a call that asks for the token which the call proves itself with, and that only who
 * makes the call can get. It is known while {@code run} is called: the contract of adapters has
 * bytes, and only Gantry's own adapter gets such a step.
 */
@FunctionalInterface
public interface LateInput {
    ScopedValue<LateInput> GIVEN = ScopedValue.newInstance();

    /**
     * @param hidden what must not be seen of the answer
     */
    record Made(JsonNode request, Set<String> hidden) {}

    /**
     * @throws IllegalArgumentException if it cannot be worked out; the message can be shown
     */
    Made with(String token);

    /** Of the attempt that is being run; null if its input is all there is. */
    static @Nullable LateInput given() {
        return GIVEN.isBound() ? GIVEN.get() : null;
    }

    static <T> T during(@Nullable LateInput late, Supplier<T> run) {
        return late == null ? run.get() : ScopedValue.where(GIVEN, late).call(run::get);
    }
}
