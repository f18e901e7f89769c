package dev.gantry.orchestrator.definition.expression;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.BooleanNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** The nodes that pass values on or make them. */
final class Basics {
    private Basics() {}

    static final class Identity extends Node {
        Identity() {
            super(true);
        }

        @Override
        void each(Env env, @Nullable Path path, JsonNode in, Sink out) {
            out.emit(in, path);
        }

        @Override
        JsonNode only(Env env, JsonNode in) {
            return in;
        }
    }

    static final class Literal extends Node.Maker {
        private final JsonNode value;

        Literal(JsonNode value) {
            this.value = value;
        }

        JsonNode value() {
            return value;
        }

        @Override
        JsonNode only(Env env, JsonNode in) {
            return value;
        }
    }

    /** A variable, and a parameter that is one. */
    static final class Variable extends Node.Maker {
        private final String text;
        private final Object name;

        Variable(String text, Object name) {
            this.text = text;
            this.name = name;
        }

        @Override
        JsonNode only(Env env, JsonNode in) {
            if (env.value(name) instanceof JsonNode value) {
                return value;
            }
            throw new JqError("$%s is not defined here".formatted(text));
        }
    }

    static final class Pipe extends Node {
        private final Node first;
        private final Node then;

        Pipe(Node first, Node then) {
            super(first.isSingle() && then.isSingle());
            this.first = first;
            this.then = then;
        }

        @Override
        void each(Env env, @Nullable Path path, JsonNode in, Sink out) {
            if (path == null && first.isSingle()) {
                JsonNode value = first.one(env, in);
                if (value != null) {
                    then.run(env, null, value, out);
                }
            } else {
                first.run(env, path, in, (value, where) -> then.run(env, where, value, out));
            }
        }

        @Override
        @Nullable JsonNode only(Env env, JsonNode in) {
            JsonNode value = first.one(env, in);
            return value == null ? null : then.one(env, value);
        }
    }

    static final class Comma extends Node {
        private final List<Node> nodes;

        Comma(List<Node> nodes) {
            super(false);
            this.nodes = nodes;
        }

        @Override
        void each(Env env, @Nullable Path path, JsonNode in, Sink out) {
            for (Node node : nodes) {
                node.run(env, path, in, out);
            }
        }
    }

    /** Makes of each pair of two nodes' results a value; the right one's change less often. */
    abstract static class Pair extends Node {
        private final Node left;
        private final Node right;

        Pair(Node left, Node right) {
            super(left.isSingle() && right.isSingle());
            this.left = left;
            this.right = right;
        }

        abstract JsonNode apply(Env env, JsonNode a, JsonNode b);

        @Override
        void each(Env env, @Nullable Path path, JsonNode in, Sink out) {
            right.values(env, in, b -> left.values(env, in, a -> out.emit(apply(env, a, b), path)));
        }

        @Override
        @Nullable JsonNode only(Env env, JsonNode in) {
            JsonNode b = right.one(env, in);
            JsonNode a = b == null ? null : left.one(env, in);
            return a == null ? null : apply(env, a, Objects.requireNonNull(b));
        }
    }

    static final class Calculation extends Pair {
        private final Arithmetic operator;

        Calculation(Arithmetic operator, Node left, Node right) {
            super(left, right);
            this.operator = operator;
        }

        @Override
        JsonNode apply(Env env, JsonNode a, JsonNode b) {
            return env.budget.built(operator.apply(a, b));
        }
    }

    enum Comparison {
        EQUAL,
        DIFFERENT,
        LESS,
        AT_MOST,
        GREATER,
        AT_LEAST;

        Node of(Node left, Node right) {
            return new Pair(left, right) {
                @Override
                JsonNode apply(Env env, JsonNode a, JsonNode b) {
                    if (a.isContainerNode() && b.isContainerNode()) {
                        env.budget.built(a);
                    }
                    return BooleanNode.valueOf(holds(Order.compare(a, b)));
                }
            };
        }

        private boolean holds(int order) {
            return switch (this) {
                case EQUAL -> order == 0;
                case DIFFERENT -> order != 0;
                case LESS -> order < 0;
                case AT_MOST -> order <= 0;
                case GREATER -> order > 0;
                case AT_LEAST -> order >= 0;
            };
        }
    }

    static final class Negation extends Node {
        private final Node node;

        Negation(Node node) {
            super(node.isSingle());
            this.node = node;
        }

        @Override
        void each(Env env, @Nullable Path path, JsonNode in, Sink out) {
            node.values(env, in, value -> out.emit(Numbers.negative(value), path));
        }
    }

    static final class ArrayOf extends Node.Maker {
        private final @Nullable Node items;

        ArrayOf(@Nullable Node items) {
            this.items = items;
        }

        @Override
        JsonNode only(Env env, JsonNode in) {
            ArrayNode array = JsonNodeFactory.instance.arrayNode();
            if (items == null) {
                return array;
            }
            items.values(
                    env,
                    in,
                    value -> {
                        array.add(value);
                        env.budget.grown(array.size());
                    });
            return env.budget.built(array);
        }
    }

    /** A member of an object that is made. */
    record Member(Node name, Node value) {}

    static final class ObjectOf extends Node {
        private final List<Member> members;

        ObjectOf(List<Member> members) {
            super(members.stream().allMatch(m -> m.name().isSingle() && m.value().isSingle()));
            this.members = members;
        }

        @Override
        void each(Env env, @Nullable Path path, JsonNode in, Sink out) {
            add(0, new LinkedHashMap<>(), env, path, in, out);
        }

        private void add(
                int from,
                Map<String, JsonNode> made,
                Env env,
                @Nullable Path path,
                JsonNode in,
                Sink out) {
            if (from == members.size()) {
                ObjectNode object = JsonNodeFactory.instance.objectNode();
                out.emit(env.budget.built(object.setAll(made)), path);
                return;
            }
            Member member = members.get(from);
            member.name()
                    .values(
                            env,
                            in,
                            name -> {
                                member.value()
                                        .values(
                                                env,
                                                in,
                                                value -> {
                                                    String text = requireName(name);
                                                    JsonNode before = made.put(text, value);
                                                    env.budget.inner(() ->
                                                            add(
                                                                    from + 1, made, env, path, in,
                                                                    out));
                                                    if (before == null) {
                                                        made.remove(text);
                                                    } else {
                                                        made.put(text, before);
                                                    }
                                                });
                            });
        }

        @Override
        @Nullable JsonNode only(Env env, JsonNode in) {
            ObjectNode object = JsonNodeFactory.instance.objectNode();
            for (Member member : members) {
                JsonNode name = member.name().one(env, in);
                JsonNode value = name == null ? null : member.value().one(env, in);
                if (value == null) {
                    return null;
                }
                object.set(requireName(Objects.requireNonNull(name)), value);
            }
            return env.budget.built(object);
        }

        private static String requireName(JsonNode name) {
            if (!name.isTextual()) {
                throw new JqError(
                        "%s cannot be the name of a member, which is a text"
                                .formatted(Shown.of(name)));
            }
            return name.textValue();
        }
    }

    /** A text with expressions in it, whose results a format may write. */
    static final class TextOf extends Node {
        private final List<Node> parts;

        /**
         * @param parts each gives texts only
         */
        TextOf(List<Node> parts) {
            super(parts.stream().allMatch(Node::isSingle));
            this.parts = parts;
        }

        @Override
        void each(Env env, @Nullable Path path, JsonNode in, Sink out) {
            add(parts.size(), "", env, path, in, out);
        }

        /** From the end, as the first part's results change most often. */
        private void add(int to, String rest, Env env, @Nullable Path path, JsonNode in, Sink out) {
            if (to == 0) {
                out.emit(env.budget.built(TextNode.valueOf(rest)), path);
                return;
            }
            parts.get(to - 1)
                    .values(
                            env,
                            in,
                            part -> {
                                Budget.requireLength(
                                        (double) part.textValue().length() + rest.length());
                                env.budget.inner(() ->
                                        add(to - 1, part.textValue() + rest, env, path, in, out));
                            });
        }

        @Override
        @Nullable JsonNode only(Env env, JsonNode in) {
            StringBuilder text = new StringBuilder();
            for (Node node : parts) {
                JsonNode part = node.one(env, in);
                if (part == null) {
                    return null;
                }
                text.append(part.textValue());
                Budget.requireLength(text.length());
            }
            return env.budget.built(TextNode.valueOf(text.toString()));
        }
    }
}
