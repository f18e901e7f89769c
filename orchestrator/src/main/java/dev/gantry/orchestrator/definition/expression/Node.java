package dev.gantry.orchestrator.definition.expression;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * A part of a program: gives any number of results for an input, to a {@link Sink}. Most parts give
 * one at most, and are asked for it directly.
 */
abstract class Node {
    private final boolean single;

    /**
     * @param single whether it never gives more than one result
     */
    Node(boolean single) {
        this.single = single;
    }

    final boolean isSingle() {
        return single;
    }

    /**
     * @param path where the input is, if paths are asked for
     */
    abstract void each(Env env, @Nullable Path path, JsonNode in, Sink out);

    /** The result of a node that is single; null if there is none. */
    @Nullable JsonNode only(Env env, JsonNode in) {
        Held held = new Held();
        each(env, null, in, held);
        return held.value;
    }

    final void run(Env env, @Nullable Path path, JsonNode in, Sink out) {
        Budget budget = env.budget;
        if (budget.enter()) {
            budget.onRoomyStack(() -> {
                each(env, path, in, out);
                return null;
            });
        } else {
            each(env, path, in, out);
        }
        budget.leave();
    }

    final @Nullable JsonNode one(Env env, JsonNode in) {
        Budget budget = env.budget;
        JsonNode result = budget.enter() ? budget.onRoomyStack(() -> only(env, in)) : only(env, in);
        budget.leave();
        return result;
    }

    /** Gives each result, and asks for no paths. */
    final void values(Env env, JsonNode in, Consumer<JsonNode> out) {
        if (single) {
            JsonNode value = one(env, in);
            if (value != null) {
                out.accept(value);
            }
        } else {
            run(env, null, in, (value, where) -> out.accept(value));
        }
    }

    static boolean isTrue(JsonNode value) {
        return !value.isNull() && !(value.isBoolean() && !value.booleanValue());
    }

    private static final class Held implements Sink {
        private @Nullable JsonNode value;

        @Override
        public void emit(JsonNode result, @Nullable Path path) {
            value = result;
        }
    }

    /** What a built-in node does. */
    @FunctionalInterface
    interface Body {
        void each(Env env, @Nullable Path path, JsonNode in, Sink out);
    }

    static Node of(boolean single, Body body) {
        return new Node(single) {
            @Override
            void each(Env env, @Nullable Path path, JsonNode in, Sink out) {
                body.each(env, path, in, out);
            }
        };
    }

    /** A node that makes one value. */
    abstract static class Maker extends Node {
        Maker() {
            super(true);
        }

        @Override
        abstract @Nullable JsonNode only(Env env, JsonNode in);

        @Override
        final void each(Env env, @Nullable Path path, JsonNode in, Sink out) {
            JsonNode value = only(env, in);
            if (value != null) {
                out.emit(value, path);
            }
        }
    }
}
