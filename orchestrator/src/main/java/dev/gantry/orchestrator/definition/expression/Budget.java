package dev.gantry.orchestrator.definition.expression;

import com.fasterxml.jackson.databind.JsonNode;
import dev.gantry.orchestrator.id.Extent;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * What one evaluation may use: time, steps, levels, and the size of what it builds. Every node of a
 * program asks here, so the limits are counted and the same on every machine, but for the time.
 */
final class Budget {
    static final long MAX_NANOS = 1_000_000_000L;
    static final int MAX_STEPS = 10_000_000;

    /** Nodes and calls that are within one another, of the program and its recursion together. */
    static final int MAX_LEVELS = 50_000;

    /** Values in one result; sixteen characters of text count as one more. */
    static final int MAX_SIZE = 1_000_000;

    /** How deep a value may be nested. */
    static final int MAX_DEPTH = Extent.MAX_DEPTH;

    static final int MAX_TEXT = 4_000_000;

    /** The longest list that an index may lead to, as what lies before it is filled with nulls. */
    static final int MAX_INDEX = 100_000;

    /** Of functions whose time is the product of the sizes of two values. */
    static final long MAX_PRODUCT = 50_000_000;

    /** So many levels fit into what callers have left of their stack, with a lot to spare. */
    private static final int LEVELS_OF_CALLER = 150;

    private static final int CHARACTERS_PER_STEP = 16;
    private static final int LOOK_AT_CLOCK_EVERY = 1_024;

    private static final ThreadLocal<@Nullable Budget> CURRENT = new ThreadLocal<>();

    private final long deadline = System.nanoTime() + MAX_NANOS;
    private int steps;
    private int nextLook = LOOK_AT_CLOCK_EVERY;
    private int level;
    private boolean roomy;
    private boolean unusual;

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

    /** That of the evaluation which this thread is in, or one for itself. */
    static Budget current() {
        Budget budget = CURRENT.get();
        return budget == null ? new Budget() : budget;
    }

    /**
     * One level further in.
     *
     * @return whether what follows belongs {@link #onRoomyStack}
     */
    boolean enter() {
        if (++level > MAX_LEVELS) {
            throw new Exhausted(
                    "it is nested or recurses deeper than %d levels".formatted(MAX_LEVELS));
        }
        spend(1);
        return level > LEVELS_OF_CALLER && !roomy;
    }

    void leave() {
        level--;
    }

    /** What goes one level further in without being a node. */
    void inner(Runnable work) {
        if (enter()) {
            onRoomyStack(() -> {
                work.run();
                return null;
            });
        } else {
            work.run();
        }
        leave();
    }

    int level() {
        return level;
    }

    /** After an error that was caught further out. */
    void backTo(int outer) {
        level = outer;
    }

    <T extends @Nullable Object> T onRoomyStack(Supplier<T> work) {
        roomy = true;
        try {
            return RoomyStack.call(() -> {
                CURRENT.set(this);
                return work.get();
            });
        } finally {
            roomy = false;
        }
    }

    void spend(int count) {
        steps += count;
        if (steps > MAX_STEPS) {
            throw new Exhausted("it takes more than %d steps".formatted(MAX_STEPS));
        }
        if (steps >= nextLook) {
            nextLook = steps + LOOK_AT_CLOCK_EVERY;
            requireTime();
        }
    }

    private void requireTime() {
        if (System.nanoTime() - deadline > 0) {
            throw new Exhausted("it takes longer than %d ms".formatted(MAX_NANOS / 1_000_000));
        }
    }

    static void checkTime() {
        Budget budget = CURRENT.get();
        if (budget != null) {
            budget.requireTime();
        }
    }

    /** An infinity or what is no number was made, which JSON does not have. */
    static void noteUnusualNumber() {
        Budget budget = CURRENT.get();
        if (budget != null) {
            budget.unusual = true;
        }
    }

    boolean hasUnusualNumbers() {
        return unusual;
    }

    /** The evaluation is over its limits; programs cannot catch it. */
    static final class Exhausted extends RuntimeException {
        private static final long serialVersionUID = 1L;

        Exhausted(String message) {
            super(message, null, false, false);
        }
    }

    /** Charges a value that was built, and refuses one that is too large or nested too deeply. */
    JsonNode built(JsonNode value) {
        if (value.isTextual()) {
            requireLength(value.textValue().length());
            spend(1 + value.textValue().length() / CHARACTERS_PER_STEP);
        } else if (value.isContainerNode()) {
            spend(1 + (MAX_SIZE - rest(value, MAX_SIZE, 1)) / CHARACTERS_PER_STEP);
        }
        return value;
    }

    /** Charges a list that is still growing. */
    void grown(int size) {
        if (size > MAX_SIZE) {
            throw new Exhausted("a value has more than %d values".formatted(MAX_SIZE));
        }
    }

    static void requireLength(double characters) {
        if (characters > MAX_TEXT) {
            throw new Exhausted("a text has more than %d characters".formatted(MAX_TEXT));
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
                : value.isContainerNode() ? MAX_SIZE - rest(value, MAX_SIZE, 1) : 1;
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
                rest -=
                        below.isTextual()
                                ? 1 + below.textValue().length() / CHARACTERS_PER_STEP
                                : 1;
            }
            if (rest <= 0) {
                throw new Exhausted("a value has more than %d values".formatted(MAX_SIZE));
            }
        }
        return rest;
    }
}
