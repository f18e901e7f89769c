package dev.gantry.orchestrator.definition.expression;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.NullNode;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Built-in functions that are more than functions of values: their arguments are expressions. */
final class Forms {
    static final Node IDENTITY = new Basics.Identity();
    static final Node ITEMS = new Access.Iterate(IDENTITY, false);

    private Forms() {}

    /** By {@code name/arity}: what a call with these arguments is. */
    static Map<String, Function<List<Node>, Node>> all() {
        Map<String, Function<List<Node>, Node>> all = new TreeMap<>();
        all.putAll(Ends.all());
        all.putAll(Repetition.all());
        all.put("path/1", given -> path(given.getFirst()));
        all.put("paths/0", given -> paths());
        all.put("getpath/1", given -> getPath(given.getFirst()));
        all.put("del/1", given -> delete(given.getFirst()));
        all.put("empty/0", given -> Node.of(true, (env, path, in, out) -> {}));
        all.put("error/0", given -> error(IDENTITY));
        all.put("error/1", given -> error(given.getFirst()));
        all.put("select/1", given -> select(given.getFirst()));
        all.put("map/1", given -> new Basics.ArrayOf(new Basics.Pipe(ITEMS, given.getFirst())));
        all.put("add/1", given -> add(given.getFirst()));
        all.put("sub/2", given -> new RegexReplace(given.get(0), given.get(1), null, ""));
        all.put("sub/3", given -> new RegexReplace(given.get(0), given.get(1), given.get(2), ""));
        all.put("gsub/2", given -> new RegexReplace(given.get(0), given.get(1), null, "g"));
        all.put("gsub/3", given -> new RegexReplace(given.get(0), given.get(1), given.get(2), "g"));
        return all;
    }

    /** The path of each result. */
    static void eachPath(Node node, Env env, JsonNode in, Consumer<ArrayNode> out) {
        Sink found =
                (value, where) -> {
                    if (where == null) {
                        throw new IllegalStateException("a node has lost its path");
                    }
                    where.requireLeadsTo(value);
                    out.accept(where.keys());
                };
        node.run(env, Path.root(in), in, found);
    }

    private static Node path(Node node) {
        return Node.of(
                node.isSingle(),
                (env, path, in, out) -> eachPath(node, env, in, keys -> out.emit(keys, path)));
    }

    private static Node paths() {
        Node all = Repetition.recurse();
        return Node.of(
                false,
                (env, path, in, out) -> {
                    Consumer<ArrayNode> found =
                            keys -> {
                                if (!keys.isEmpty()) {
                                    out.emit(keys, path);
                                }
                            };
                    eachPath(all, env, in, found);
                });
    }

    private static Node getPath(Node keys) {
        return Node.of(
                keys.isSingle(),
                (env, path, in, out) -> {
                    Consumer<JsonNode> found =
                            given ->
                                    out.emit(
                                            Parts.getPath(in, given),
                                            path == null ? null : along(path, in, given));
                    keys.values(env, in, found);
                });
    }

    private static Path along(Path path, JsonNode in, JsonNode keys) {
        path.requireLeadsTo(in);
        Path at = path;
        JsonNode value = in;
        for (JsonNode key : keys) {
            value = value.isNull() ? value : Parts.get(value, key);
            at = at.to(key, value);
        }
        return at;
    }

    private static Node delete(Node node) {
        return Node.of(
                true,
                (env, path, in, out) -> {
                    ArrayNode found = JsonNodeFactory.instance.arrayNode();
                    eachPath(node, env, in, found::add);
                    out.emit(env.budget.built(Parts.deletePaths(in, found)), path);
                });
    }

    static Node select(Node condition) {
        return Node.of(
                condition.isSingle(),
                (env, path, in, out) -> {
                    Consumer<JsonNode> found =
                            value -> {
                                if (Node.isTrue(value)) {
                                    out.emit(in, path);
                                }
                            };
                    condition.values(env, in, found);
                });
    }

    private static Node error(Node message) {
        Consumer<JsonNode> raise =
                value -> {
                    throw new JqError(value);
                };
        return Node.of(true, (env, path, in, out) -> message.values(env, in, raise));
    }

    private static Node add(Node values) {
        return new Node.Maker() {
            @Override
            @Nullable JsonNode only(Env env, JsonNode in) {
                JsonNode[] sum = {NullNode.getInstance()};
                values.values(
                        env,
                        in,
                        value -> sum[0] = env.budget.built(Arithmetic.ADD.apply(sum[0], value)));
                return sum[0];
            }
        };
    }
}
