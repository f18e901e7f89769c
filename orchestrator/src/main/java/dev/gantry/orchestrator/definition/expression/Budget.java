package dev.gantry.orchestrator.definition.expression;

import com.fasterxml.jackson.databind.JsonNode;
import dev.gantry.orchestrator.definition.plan.ExpressionException;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * What one evaluation may use: time, function calls and results, and the size of what it gives. jq
 * has no limits of its own, and ignores interrupts; so every built-in asks here, on the thread
 * itself.
 */
final class Budget {
    static final long MAX_NANOS = 1_000_000_000L;
    static final int MAX_CALLS = 5_000_000;
    static final int MAX_SIZE = 2_000_000;
    private static final int LOOK_AT_CLOCK_EVERY = 1_024;

    private static final ThreadLocal<@Nullable Budget> CURRENT = new ThreadLocal<>();

    private final @Nullable Budget outer;
    private final long deadline = System.nanoTime() + MAX_NANOS;
    private int calls;

    private Budget(@Nullable Budget outer) {
        this.outer = outer;
    }

    static Budget begin() {
        Budget budget = new Budget(CURRENT.get());
        CURRENT.set(budget);
        return budget;
    }

    void end() {
        CURRENT.set(outer);
    }

    /** Counts a call or a result. */
    static void spend() {
        Budget budget = CURRENT.get();
        if (budget == null) {
            return;
        }
        if (++budget.calls > MAX_CALLS) {
            throw new Exhausted("more than %d calls and results".formatted(MAX_CALLS));
        }
        if (budget.calls % LOOK_AT_CLOCK_EVERY == 0) {
            checkTime();
        }
    }

    static void checkTime() {
        Budget budget = CURRENT.get();
        if (budget != null && System.nanoTime() - budget.deadline > 0) {
            throw new Exhausted("it takes longer than %d ms".formatted(MAX_NANOS / 1_000_000));
        }
    }

    /** The evaluation is over its limits. */
    static final class Exhausted extends RuntimeException {
        private static final long serialVersionUID = 1L;

        Exhausted(String message) {
            super(message);
        }
    }

    static void requireModest(JsonNode value, Supplier<String> shown) throws ExpressionException {
        if (value.isContainerNode() && count(value, MAX_SIZE) <= 0) {
            throw new ExpressionException(
                    "%s: its result has more than %d values".formatted(shown.get(), MAX_SIZE));
        }
    }

    private static int count(JsonNode value, int left) {
        int rest = left - 1;
        for (JsonNode below : value) {
            if (rest <= 0) {
                return rest;
            }
            rest = below.isContainerNode() ? count(below, rest) : rest - 1;
        }
        return rest;
    }
}
