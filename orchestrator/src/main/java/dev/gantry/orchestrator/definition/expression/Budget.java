package dev.gantry.orchestrator.definition.expression;

import com.fasterxml.jackson.databind.JsonNode;
import org.jspecify.annotations.Nullable;

/**
 * What one evaluation may use: time, steps, and the size of what it builds. jq has no limits of its
 * own and ignores interrupts, so every node of a program asks here, on the thread itself.
 */
final class Budget {
    static final long MAX_NANOS = 1_000_000_000L;
    static final int MAX_STEPS = 10_000_000;

    /** Values in one result; sixteen characters of text count as one more. */
    static final int MAX_SIZE = 1_000_000;

    static final int MAX_DEPTH = 500;
    static final int MAX_TEXT = 4_000_000;

    /** The longest list that an index may lead to, as what lies before it is filled with nulls. */
    static final int MAX_INDEX = 100_000;

    /** Of functions whose time is the product of the sizes of two values. */
    static final long MAX_PRODUCT = 50_000_000;

    private static final int CHARACTERS_PER_STEP = 16;
    private static final int LOOK_AT_CLOCK_EVERY = 1_024;

    private static final ThreadLocal<@Nullable Budget> CURRENT = new ThreadLocal<>();

    private final long deadline = System.nanoTime() + MAX_NANOS;
    private int steps;
    private int nextLook = LOOK_AT_CLOCK_EVERY;

    private Budget() {}

    /** Something that is evaluated within a budget; templates of many expressions share one. */
    @FunctionalInterface
    interface Evaluation<T, X extends Exception> {
        T run() throws X;
    }

    static <T, X extends Exception> T within(Evaluation<T, X> evaluation) throws X {
        if (CURRENT.get() != null) {
            return evaluation.run();
        }
        CURRENT.set(new Budget());
        try {
            return evaluation.run();
        } finally {
            CURRENT.remove();
        }
    }

    static void spend() {
        spend(1);
    }

    static void spend(int count) {
        Budget budget = CURRENT.get();
        if (budget == null) {
            return;
        }
        budget.steps += count;
        if (budget.steps > MAX_STEPS) {
            throw new Exhausted("it takes more than %d steps".formatted(MAX_STEPS));
        }
        if (budget.steps >= budget.nextLook) {
            budget.nextLook = budget.steps + LOOK_AT_CLOCK_EVERY;
            checkTime();
        }
    }

    static void checkTime() {
        Budget budget = CURRENT.get();
        if (budget != null && System.nanoTime() - budget.deadline > 0) {
            throw new Exhausted("it takes longer than %d ms".formatted(MAX_NANOS / 1_000_000));
        }
    }

    /** The evaluation is over its limits; programs cannot catch it. */
    static final class Exhausted extends RuntimeException {
        private static final long serialVersionUID = 1L;

        Exhausted(String message) {
            super(message, null, false, false);
        }
    }

    /** Charges a value that was passed on. */
    static void spendOn(JsonNode value) {
        spend(value.isTextual() ? 1 + value.textValue().length() / CHARACTERS_PER_STEP : 1);
    }

    /** Charges a value that was built, and refuses one that is too large or nested too deeply. */
    static void requireModest(JsonNode value) {
        if (value.isTextual()) {
            requireLength(value.textValue().length());
        }
        if (value.isContainerNode()) {
            int size = MAX_SIZE - rest(value, MAX_SIZE, 0);
            spend(size / CHARACTERS_PER_STEP);
        }
    }

    static void requireLength(double characters) {
        if (characters > MAX_TEXT) {
            throw new Exhausted("a text has more than %d characters".formatted(MAX_TEXT));
        }
    }

    static void requireIndex(JsonNode index) {
        if (index.isNumber() && index.doubleValue() > MAX_INDEX) {
            throw new Exhausted("an index is above %d".formatted(MAX_INDEX));
        }
    }

    static void requireProduct(JsonNode a, JsonNode b) {
        if ((double) size(a) * size(b) > MAX_PRODUCT) {
            throw new Exhausted("the values are too large for each other");
        }
    }

    private static int size(JsonNode value) {
        return value.isTextual()
                ? value.textValue().length()
                : value.isContainerNode() ? MAX_SIZE - rest(value, MAX_SIZE, 0) : 1;
    }

    private static int rest(JsonNode value, int left, int depth) {
        if (depth > MAX_DEPTH) {
            throw new Exhausted("a value is nested deeper than %d levels".formatted(MAX_DEPTH));
        }
        int rest = left - 1;
        for (JsonNode below : value) {
            if (below.isContainerNode()) {
                rest = rest(below, rest, depth + 1);
            } else {
                rest -= below.isTextual() ? 1 + below.textValue().length() / 16 : 1;
            }
            if (rest <= 0) {
                throw new Exhausted("a value has more than %d values".formatted(MAX_SIZE));
            }
        }
        return rest;
    }
}
