package dev.gantry.orchestrator.definition.expression;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.BooleanNode;
import com.fasterxml.jackson.databind.node.NullNode;
import org.jspecify.annotations.Nullable;

/** The nodes that choose, repeat and give up. */
final class Flow {
    private Flow() {}

    static final class If extends Node {
        private final Node condition;
        private final Node then;
        private final Node otherwise;

        If(Node condition, Node then, Node otherwise) {
            super(condition.isSingle() && then.isSingle() && otherwise.isSingle());
            this.condition = condition;
            this.then = then;
            this.otherwise = otherwise;
        }

        @Override
        void each(Env env, @Nullable Path path, JsonNode in, Sink out) {
            condition.values(
                    env, in, value -> (isTrue(value) ? then : otherwise).run(env, path, in, out));
        }

        @Override
        @Nullable JsonNode only(Env env, JsonNode in) {
            JsonNode value = condition.one(env, in);
            return value == null ? null : (isTrue(value) ? then : otherwise).one(env, in);
        }
    }

    /** {@code and} and {@code or}. */
    static final class Both extends Node {
        private final Node left;
        private final Node right;
        private final boolean decides;

        /**
         * @param decides the value of the left one with which the right one is not asked
         */
        Both(Node left, Node right, boolean decides) {
            super(left.isSingle() && right.isSingle());
            this.left = left;
            this.right = right;
            this.decides = decides;
        }

        @Override
        void each(Env env, @Nullable Path path, JsonNode in, Sink out) {
            left.values(
                    env,
                    in,
                    a -> {
                        if (isTrue(a) == decides) {
                            out.emit(BooleanNode.valueOf(decides), path);
                        } else {
                            right.values(
                                    env, in, b -> out.emit(BooleanNode.valueOf(isTrue(b)), path));
                        }
                    });
        }
    }

    /** {@code a // b}. */
    static final class Alternative extends Node {
        private final Node left;
        private final Node right;

        Alternative(Node left, Node right) {
            super(left.isSingle() && right.isSingle());
            this.left = left;
            this.right = right;
        }

        @Override
        void each(Env env, @Nullable Path path, JsonNode in, Sink out) {
            boolean[] found = new boolean[1];
            left.run(
                    env,
                    path,
                    in,
                    (value, where) -> {
                        if (isTrue(value)) {
                            found[0] = true;
                            out.emit(value, where);
                        }
                    });
            if (!found[0]) {
                right.run(env, path, in, out);
            }
        }

        @Override
        @Nullable JsonNode only(Env env, JsonNode in) {
            JsonNode value = left.one(env, in);
            return value != null && isTrue(value) ? value : right.one(env, in);
        }
    }

    /** {@code try a catch b}, and {@code a?}. */
    static final class Try extends Node {
        private final Node body;
        private final @Nullable Node handler;

        Try(Node body, @Nullable Node handler) {
            super(body.isSingle() && (handler == null || handler.isSingle()));
            this.body = body;
            this.handler = handler;
        }

        @Override
        void each(Env env, @Nullable Path path, JsonNode in, Sink out) {
            int level = env.budget.level();
            boolean[] outside = new boolean[1];
            try {
                body.run(
                        env,
                        path,
                        in,
                        (value, where) -> {
                            // What fails with a result is not the body's fault.
                            outside[0] = true;
                            out.emit(value, where);
                            outside[0] = false;
                        });
            } catch (JqError e) {
                if (outside[0]) {
                    throw e;
                }
                env.budget.backTo(level);
                if (handler != null) {
                    handler.run(env, path, e.value(), out);
                }
            }
        }

        @Override
        @Nullable JsonNode only(Env env, JsonNode in) {
            int level = env.budget.level();
            try {
                return body.one(env, in);
            } catch (JqError e) {
                env.budget.backTo(level);
                return handler == null ? null : handler.one(env, e.value());
            }
        }
    }

    /** Ends the label that has this name in the program that runs. */
    static final class Broken extends RuntimeException {
        private static final long serialVersionUID = 1L;
        private final transient Object label;

        Broken(Object label) {
            super(null, null, false, false);
            this.label = label;
        }
    }

    static final class Label extends Node {
        private final Object name;
        private final Node body;

        Label(Object name, Node body) {
            super(body.isSingle());
            this.name = name;
            this.body = body;
        }

        @Override
        void each(Env env, @Nullable Path path, JsonNode in, Sink out) {
            untilBroken(env, label -> body.run(env.with(name, label), path, in, out));
        }
    }

    static final class Break extends Node {
        private final Object name;

        Break(Object name) {
            super(true);
            this.name = name;
        }

        @Override
        void each(Env env, @Nullable Path path, JsonNode in, Sink out) {
            Object label = env.value(name);
            throw new Broken(label == null ? name : label);
        }
    }

    /** Gives the work something to be broken with. */
    static void untilBroken(Env env, java.util.function.Consumer<Object> work) {
        Object label = new Object();
        int level = env.budget.level();
        try {
            work.accept(label);
        } catch (Broken e) {
            if (!e.label.equals(label)) {
                throw e;
            }
            env.budget.backTo(level);
        }
    }

    /** {@code a as $x | b}. */
    static final class Bind extends Node {
        private final Node source;
        private final Pattern pattern;
        private final Node body;

        Bind(Node source, Pattern pattern, Node body) {
            super(source.isSingle() && pattern.isSingle() && body.isSingle());
            this.source = source;
            this.pattern = pattern;
            this.body = body;
        }

        @Override
        void each(Env env, @Nullable Path path, JsonNode in, Sink out) {
            source.values(
                    env,
                    in,
                    value ->
                            pattern.bind(env, env, value, inner -> body.run(inner, path, in, out)));
        }
    }

    static final class Reduce extends Node {
        private final Node source;
        private final Pattern pattern;
        private final Node start;
        private final Node update;

        Reduce(Node source, Pattern pattern, Node start, Node update) {
            super(start.isSingle());
            this.source = source;
            this.pattern = pattern;
            this.start = start;
            this.update = update;
        }

        @Override
        void each(Env env, @Nullable Path path, JsonNode in, Sink out) {
            start.run(
                    env,
                    path,
                    in,
                    (first, place) -> {
                        // Paths are those of the start: jq follows none through the updates.
                        JsonNode[] state = {first};
                        source.values(
                                env,
                                in,
                                item ->
                                        pattern.bind(
                                                env,
                                                env,
                                                item,
                                                inner -> state[0] = updated(inner, state[0])));
                        out.emit(state[0], place);
                    });
        }

        /** The last result of the update, or null if there is none. */
        private JsonNode updated(Env env, JsonNode before) {
            if (update.isSingle()) {
                JsonNode after = update.one(env, before);
                return after == null ? NullNode.getInstance() : after;
            }
            JsonNode[] last = {NullNode.getInstance()};
            update.values(env, before, after -> last[0] = after);
            return last[0];
        }
    }

    static final class Foreach extends Node {
        private final Node source;
        private final Pattern pattern;
        private final Node start;
        private final Node update;
        private final @Nullable Node extract;

        Foreach(Node source, Pattern pattern, Node start, Node update, @Nullable Node extract) {
            super(false);
            this.source = source;
            this.pattern = pattern;
            this.start = start;
            this.update = update;
            this.extract = extract;
        }

        @Override
        void each(Env env, @Nullable Path path, JsonNode in, Sink out) {
            start.run(
                    env,
                    path,
                    in,
                    (first, place) -> {
                        JsonNode[] state = {first};
                        source.values(
                                env,
                                in,
                                item ->
                                        pattern.bind(
                                                env,
                                                env,
                                                item,
                                                inner -> step(state, inner, place, out)));
                    });
        }

        private void step(JsonNode[] state, Env env, @Nullable Path path, Sink out) {
            JsonNode before = state[0];
            state[0] = NullNode.getInstance();
            update.run(
                    env,
                    path,
                    before,
                    (after, where) -> {
                        state[0] = after;
                        if (extract == null) {
                            out.emit(after, where);
                        } else {
                            extract.run(env, where, after, out);
                        }
                    });
        }
    }
}
