package dev.gantry.orchestrator.definition.expression;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Functions that are written in jq, and calls of all kinds. */
final class Calls {
    private Calls() {}

    /**
     * @param isValue whether it is {@code $name}: bound to each value, not to the expression
     */
    record Parameter(String name, boolean isValue) {
        /** Parameters are told apart by which they are, not by how they are written. */
        @Override
        public boolean equals(@Nullable Object other) {
            return this == other;
        }

        @Override
        public int hashCode() {
            return System.identityHashCode(this);
        }
    }

    static final class Definition {
        final String name;
        final List<Parameter> parameters;
        private final boolean builtIn;
        private @Nullable Node body;

        Definition(String name, List<Parameter> parameters, boolean builtIn) {
            this.name = name;
            this.parameters = parameters;
            this.builtIn = builtIn;
        }

        void define(Node as) {
            body = as;
        }
    }

    /** An argument that is an expression, and what its names stand for. */
    private record Closure(Node node, Env env) {}

    /** {@code def f: …; rest}. */
    static final class Define extends Node {
        private final Definition definition;
        private final Node rest;

        Define(Definition definition, Node rest) {
            super(rest.isSingle());
            this.definition = definition;
            this.rest = rest;
        }

        @Override
        void each(Env env, @Nullable Path path, JsonNode in, Sink out) {
            rest.run(env.with(definition, null), path, in, out);
        }
    }

    static final class Call extends Node {
        private final Definition definition;
        private final List<Node> arguments;

        Call(Definition definition, List<Node> arguments) {
            super(false);
            this.definition = definition;
            this.arguments = arguments;
        }

        @Override
        void each(Env env, @Nullable Path path, JsonNode in, Sink out) {
            Env home = definition.builtIn ? Env.empty(env.budget) : env.at(definition);
            bind(0, env, Objects.requireNonNull(home), path, in, out);
        }

        private void bind(
                int from, Env caller, Env env, @Nullable Path path, JsonNode in, Sink out) {
            if (from == arguments.size()) {
                Objects.requireNonNull(definition.body).run(env, path, in, out);
                return;
            }
            Parameter parameter = definition.parameters.get(from);
            Node argument = arguments.get(from);
            if (parameter.isValue()) {
                argument.values(
                        caller,
                        in,
                        value ->
                                env.budget.inner(() ->
                                        bind(
                                                from + 1,
                                                caller,
                                                env.with(parameter, value),
                                                path,
                                                in,
                                                out)));
            } else {
                Object passed =
                        argument instanceof ParameterCall inner
                                ? caller.value(inner.parameter)
                                : new Closure(argument, caller);
                env.budget.inner(
                        () -> bind(from + 1, caller, env.with(parameter, passed), path, in, out));
            }
        }
    }

    static final class ParameterCall extends Node {
        private final Parameter parameter;

        ParameterCall(Parameter parameter) {
            super(parameter.isValue());
            this.parameter = parameter;
        }

        @Override
        void each(Env env, @Nullable Path path, JsonNode in, Sink out) {
            switch (env.value(parameter)) {
                case Closure closure -> closure.node().run(closure.env(), path, in, out);
                case JsonNode value -> out.emit(value, path);
                case null, default -> throw new IllegalStateException(parameter.name());
            }
        }
    }

    /** Of a function that is written in Java; the last argument's values change least often. */
    static final class NativeCall extends Node {
        private final Native function;
        private final List<Node> arguments;

        NativeCall(Native function, List<Node> arguments) {
            super(arguments.stream().allMatch(Node::isSingle));
            this.function = function;
            this.arguments = arguments;
        }

        @Override
        void each(Env env, @Nullable Path path, JsonNode in, Sink out) {
            call(arguments.size(), new JsonNode[arguments.size()], env, path, in, out);
        }

        private void call(
                int left, JsonNode[] given, Env env, @Nullable Path path, JsonNode in, Sink out) {
            if (left == 0) {
                out.emit(result(env, in, given), path);
                return;
            }
            arguments
                    .get(left - 1)
                    .values(
                            env,
                            in,
                            value -> {
                                JsonNode[] more = given.clone();
                                more[left - 1] = value;
                                env.budget.inner(() -> call(left - 1, more, env, path, in, out));
                            });
        }

        @Override
        @Nullable JsonNode only(Env env, JsonNode in) {
            JsonNode[] given = new JsonNode[arguments.size()];
            for (int i = given.length - 1; i >= 0; i--) {
                JsonNode value = arguments.get(i).one(env, in);
                if (value == null) {
                    return null;
                }
                given[i] = value;
            }
            return result(env, in, given);
        }

        private JsonNode result(Env env, JsonNode in, JsonNode[] given) {
            return env.budget.built(function.apply(in, given));
        }
    }
}
