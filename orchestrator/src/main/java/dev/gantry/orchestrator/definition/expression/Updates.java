package dev.gantry.orchestrator.definition.expression;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import org.jspecify.annotations.Nullable;

/** The nodes that give their input with other values at some paths. */
final class Updates {
    private Updates() {}

    /** {@code a = b}: a result for each of b's. */
    static final class Assign extends Node {
        private final Node paths;
        private final Node value;

        Assign(Node paths, Node value) {
            super(value.isSingle());
            this.paths = paths;
            this.value = value;
        }

        @Override
        void each(Env env, @Nullable Path path, JsonNode in, Sink out) {
            value.values(
                    env,
                    in,
                    given -> {
                        JsonNode[] state = {in};
                        Forms.eachPath(
                                paths,
                                env,
                                in,
                                keys ->
                                        state[0] =
                                                env.budget.built(
                                                        Parts.setPath(state[0], keys, 0, given)));
                        out.emit(state[0], path);
                    });
        }
    }

    /** {@code a |= b}: the first result is set, and what has none is deleted. */
    static final class Modify extends Node {
        private final Node paths;
        private final Node update;

        Modify(Node paths, Node update) {
            super(true);
            this.paths = paths;
            this.update = update;
        }

        @Override
        void each(Env env, @Nullable Path path, JsonNode in, Sink out) {
            JsonNode[] state = {in};
            ArrayNode gone = JsonNodeFactory.instance.arrayNode();
            Forms.eachPath(
                    paths,
                    env,
                    in,
                    keys -> {
                        JsonNode after = first(env, Parts.getPath(state[0], keys));
                        if (after == null) {
                            gone.add(keys);
                        } else {
                            state[0] = env.budget.built(Parts.setPath(state[0], keys, 0, after));
                        }
                    });
            out.emit(gone.isEmpty() ? state[0] : Parts.deletePaths(state[0], gone), path);
        }

        private @Nullable JsonNode first(Env env, JsonNode before) {
            if (update.isSingle()) {
                return update.one(env, before);
            }
            JsonNode[] first = new JsonNode[1];
            Flow.untilBroken(
                    env,
                    label ->
                            update.run(
                                    env,
                                    null,
                                    before,
                                    (value, where) -> {
                                        first[0] = value;
                                        throw new Flow.Broken(label);
                                    }));
            return first[0];
        }
    }

    /** {@code a += b}, {@code a //= b}: for each result of b on the input, a is updated with it. */
    static Node withOperator(
            Node paths, Node value, java.util.function.BinaryOperator<Node> operator) {
        Object name = new Object();
        Node update = operator.apply(new Basics.Identity(), new Basics.Variable("value", name));
        return new Flow.Bind(value, new Pattern.Name(name), new Modify(paths, update));
    }
}
