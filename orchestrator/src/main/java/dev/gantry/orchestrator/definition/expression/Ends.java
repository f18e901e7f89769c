package dev.gantry.orchestrator.definition.expression;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.BooleanNode;
import com.fasterxml.jackson.databind.node.NullNode;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** Built-in functions that take some of an expression's results only, and mostly end it early. */
final class Ends {
    private Ends() {}

    /** By {@code name/arity}. */
    static Map<String, Function<List<Node>, Node>> all() {
        Map<String, Function<List<Node>, Node>> all = new TreeMap<>();
        all.put("first/1", given -> first(given.getFirst()));
        all.put("last/1", given -> last(given.getFirst()));
        all.put("limit/2", given -> counted(given, "limit", Ends::limit));
        all.put("skip/2", given -> counted(given, "skip", Ends::skip));
        all.put("nth/2", given -> counted(given, "nth", Ends::nth));
        all.put("isempty/1", given -> isEmpty(given.getFirst()));
        all.put("any/0", given -> decided(Forms.ITEMS, Forms.IDENTITY, true));
        all.put("any/1", given -> decided(Forms.ITEMS, given.getFirst(), true));
        all.put("any/2", given -> decided(given.get(0), given.get(1), true));
        all.put("all/0", given -> decided(Forms.ITEMS, Forms.IDENTITY, false));
        all.put("all/1", given -> decided(Forms.ITEMS, given.getFirst(), false));
        all.put("all/2", given -> decided(given.get(0), given.get(1), false));
        return all;
    }

    /** Takes results until it has enough. */
    @FunctionalInterface
    private interface Taker {
        boolean hasEnough(JsonNode value, @Nullable Path path);
    }

    private static void ended(Node node, Env env, @Nullable Path path, JsonNode in, Taker taker) {
        Flow.untilBroken(
                env,
                label -> {
                    Sink found =
                            (value, where) -> {
                                if (taker.hasEnough(value, where)) {
                                    throw new Flow.Broken(label);
                                }
                            };
                    node.run(env, path, in, found);
                });
    }

    private static Node first(Node node) {
        if (node.isSingle()) {
            return node;
        }
        return Node.of(
                true,
                (env, path, in, out) -> {
                    Found found = new Found();
                    Taker taker =
                            (value, where) -> {
                                found.emit(value, where);
                                return true;
                            };
                    ended(node, env, path, in, taker);
                    // Given on only after the end, as the rest of the program may break it, too.
                    if (found.value != null) {
                        out.emit(found.value, found.path);
                    }
                });
    }

    private static final class Found implements Sink {
        private @Nullable JsonNode value;
        private @Nullable Path path;

        @Override
        public void emit(JsonNode result, @Nullable Path where) {
            value = result;
            path = where;
        }
    }

    private static Node last(Node node) {
        return new Node.Maker() {
            @Override
            @Nullable JsonNode only(Env env, JsonNode in) {
                JsonNode[] last = {NullNode.getInstance()};
                node.values(env, in, value -> last[0] = value);
                return last[0];
            }
        };
    }

    @FunctionalInterface
    private interface Counted {
        void each(double count, Node node, Env env, @Nullable Path path, JsonNode in, Sink out);
    }

    private static Node counted(List<Node> given, String function, Counted counted) {
        Node node = given.get(1);
        return Node.of(
                false,
                (env, path, in, out) -> {
                    Consumer<JsonNode> counts =
                            count -> counted.each(count(function, count), node, env, path, in, out);
                    given.get(0).values(env, in, counts);
                });
    }

    private static double count(String function, JsonNode count) {
        boolean isLimit = function.equals("limit");
        if (isLimit && !count.isNumber() && Order.compare(count, Numbers.of(0)) < 0) {
            return -1;
        }
        double number = Numbers.real(count);
        if (number < 0 && !isLimit) {
            throw new JqError(
                    "%s takes no negative count, as %s".formatted(function, Shown.of(count)));
        }
        return number;
    }

    private static void limit(
            double count, Node node, Env env, @Nullable Path path, JsonNode in, Sink out) {
        if (count < 0) {
            node.run(env, path, in, out);
            return;
        }
        double[] left = {count};
        Taker taker =
                (value, where) -> {
                    left[0]--;
                    out.emit(value, where);
                    return left[0] <= 0;
                };
        if (count > 0) {
            ended(node, env, path, in, taker);
        }
    }

    private static void skip(
            double count, Node node, Env env, @Nullable Path path, JsonNode in, Sink out) {
        double[] left = {count};
        Sink rest =
                (value, where) -> {
                    if (--left[0] < 0) {
                        out.emit(value, where);
                    }
                };
        node.run(env, path, in, rest);
    }

    private static void nth(
            double count, Node node, Env env, @Nullable Path path, JsonNode in, Sink out) {
        double[] left = {count + 1};
        Taker taker =
                (value, where) -> {
                    boolean isLast = --left[0] <= 0;
                    if (isLast) {
                        out.emit(value, where);
                    }
                    return isLast;
                };
        ended(node, env, path, in, taker);
    }

    private static boolean gives(Node node, Env env, JsonNode in, Predicate<JsonNode> wanted) {
        boolean[] given = new boolean[1];
        Taker taker =
                (value, where) -> {
                    given[0] = wanted.test(value);
                    return given[0];
                };
        ended(node, env, null, in, taker);
        return given[0];
    }

    private static Node isEmpty(Node node) {
        return new Node.Maker() {
            @Override
            JsonNode only(Env env, JsonNode in) {
                return BooleanNode.valueOf(!gives(node, env, in, value -> true));
            }
        };
    }

    private static Node decided(Node values, Node condition, boolean decides) {
        Node tested = new Basics.Pipe(values, condition);
        return new Node.Maker() {
            @Override
            JsonNode only(Env env, JsonNode in) {
                boolean found = gives(tested, env, in, value -> isTrue(value) == decides);
                return BooleanNode.valueOf(found == decides);
            }
        };
    }
}
