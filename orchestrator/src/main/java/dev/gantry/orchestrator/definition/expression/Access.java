package dev.gantry.orchestrator.definition.expression;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.IntNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.NullNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The nodes that look into values. */
final class Access {
    private Access() {}

    /**
     * {@code .a}, {@code .[1]}; with a question mark behind it is optional: what fails is left out.
     */
    static final class Index extends Node {
        private final Node target;
        private final Node key;
        private final boolean optional;

        Index(Node target, Node key, boolean optional) {
            super(target.isSingle() && key.isSingle());
            this.target = target;
            this.key = key;
            this.optional = optional;
        }

        Index asOptional() {
            return new Index(target, key, true);
        }

        boolean isOptional() {
            return optional;
        }

        @Override
        void each(Env env, @Nullable Path path, JsonNode in, Sink out) {
            key.values(
                    env,
                    in,
                    name ->
                            target.run(
                                    env,
                                    path,
                                    in,
                                    (value, where) -> {
                                        JsonNode found = get(value, name, where);
                                        if (found != null) {
                                            out.emit(
                                                    found,
                                                    where == null ? null : where.to(name, found));
                                        }
                                    }));
        }

        @Override
        @Nullable JsonNode only(Env env, JsonNode in) {
            JsonNode name = key.one(env, in);
            JsonNode value = name == null ? null : target.one(env, in);
            return value == null || name == null ? null : get(value, name, null);
        }

        private @Nullable JsonNode get(JsonNode value, JsonNode name, @Nullable Path where) {
            if (where != null) {
                where.requireLeadsTo(value);
            }
            if (!optional) {
                return Parts.get(value, name);
            }
            try {
                return Parts.get(value, name);
            } catch (JqError e) {
                return null;
            }
        }
    }

    /** {@code .[2:4]}, made into the key that paths have for it. */
    static final class SliceKey extends Node {
        private final Node from;
        private final Node to;

        SliceKey(@Nullable Node from, @Nullable Node to) {
            super((from == null || from.isSingle()) && (to == null || to.isSingle()));
            this.from = from == null ? new Basics.Literal(NullNode.getInstance()) : from;
            this.to = to == null ? new Basics.Literal(NullNode.getInstance()) : to;
        }

        @Override
        void each(Env env, @Nullable Path path, JsonNode in, Sink out) {
            from.values(
                    env,
                    in,
                    start ->
                            to.values(
                                    env,
                                    in,
                                    end -> {
                                        ObjectNode key = JsonNodeFactory.instance.objectNode();
                                        key.set("start", start);
                                        key.set("end", end);
                                        out.emit(key, path);
                                    }));
        }
    }

    /** {@code .[]}. */
    static final class Iterate extends Node {
        private final Node target;
        private final boolean optional;

        Iterate(Node target, boolean optional) {
            super(false);
            this.target = target;
            this.optional = optional;
        }

        Iterate asOptional() {
            return new Iterate(target, true);
        }

        boolean isOptional() {
            return optional;
        }

        @Override
        void each(Env env, @Nullable Path path, JsonNode in, Sink out) {
            if (path == null) {
                target.values(env, in, value -> items(env, null, value, out));
            } else {
                target.run(env, path, in, (value, where) -> items(env, where, value, out));
            }
        }

        private void items(Env env, @Nullable Path path, JsonNode value, Sink out) {
            if (path != null) {
                path.requireLeadsTo(value);
            }
            env.budget.spend(1 + value.size());
            if (value.isArray()) {
                for (int i = 0; i < value.size(); i++) {
                    JsonNode item = value.get(i);
                    out.emit(item, path == null ? null : path.to(IntNode.valueOf(i), item));
                }
            } else if (value.isObject()) {
                for (Map.Entry<String, JsonNode> field : value.properties()) {
                    JsonNode item = field.getValue();
                    out.emit(
                            item,
                            path == null ? null : path.to(TextNode.valueOf(field.getKey()), item));
                }
            } else if (!optional) {
                throw new JqError("cannot iterate over %s".formatted(Shown.of(value)));
            }
        }
    }
}
