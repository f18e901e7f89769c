package dev.gantry.orchestrator.definition.expression;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Built-in functions that do something again and again, in a loop where it has one result. */
final class Repetition {
    private Repetition() {}

    /** By {@code name/arity}. */
    static Map<String, Function<List<Node>, Node>> all() {
        Map<String, Function<List<Node>, Node>> all = new TreeMap<>();
        Node zero = new Basics.Literal(Numbers.of(0));
        Node one = new Basics.Literal(Numbers.of(1));
        all.put("recurse/0", given -> recurse());
        all.put("recurse/1", given -> new Recurse(given.getFirst()));
        all.put(
                "recurse/2",
                given -> new Recurse(new Basics.Pipe(given.get(0), Forms.select(given.get(1)))));
        all.put("repeat/1", given -> new Recurse(given.getFirst()));
        all.put("while/2", given -> new While(given.get(0), given.get(1), true));
        all.put("until/2", given -> new While(given.get(0), given.get(1), false));
        all.put("range/1", given -> range(zero, number(given.getFirst()), one));
        all.put("range/2", given -> range(number(given.get(0)), number(given.get(1)), one));
        all.put("range/3", given -> range(given.get(0), given.get(1), given.get(2)));
        return all;
    }

    /** {@code ..}. */
    static Node recurse() {
        return new Recurse(new Access.Iterate(Forms.IDENTITY, true));
    }

    private static final class Recurse extends Node {
        private final Node step;

        private Recurse(Node step) {
            super(false);
            this.step = step;
        }

        @Override
        void each(Env env, @Nullable Path path, JsonNode in, Sink out) {
            out.emit(in, path);
            if (path != null || !step.isSingle()) {
                step.run(env, path, in, (value, where) -> run(env, where, value, out));
                return;
            }
            JsonNode at = step.one(env, in);
            while (at != null) {
                out.emit(at, null);
                at = step.one(env, at);
            }
        }
    }

    /** {@code while} gives every value for which the condition holds, {@code until} the first. */
    private static final class While extends Node {
        private final Node condition;
        private final Node step;
        private final boolean goesOnIf;

        private While(Node condition, Node step, boolean goesOnIf) {
            super(!goesOnIf && condition.isSingle() && step.isSingle());
            this.condition = condition;
            this.step = step;
            this.goesOnIf = goesOnIf;
        }

        @Override
        void each(Env env, @Nullable Path path, JsonNode in, Sink out) {
            if (path == null && condition.isSingle() && step.isSingle()) {
                loop(env, in, out);
                return;
            }
            Sink next = (value, where) -> run(env, where, value, out);
            Consumer<JsonNode> decided =
                    value -> {
                        if (isTrue(value)) {
                            out.emit(in, path);
                        }
                        if (isTrue(value) == goesOnIf) {
                            step.run(env, path, in, next);
                        }
                    };
            condition.values(env, in, decided);
        }

        private void loop(Env env, JsonNode in, Sink out) {
            JsonNode at = in;
            while (at != null) {
                JsonNode value = condition.one(env, at);
                if (value != null && isTrue(value)) {
                    out.emit(at, null);
                }
                if (value == null || isTrue(value) != goesOnIf) {
                    return;
                }
                at = step.one(env, at);
            }
        }
    }

    private static Node number(Node bound) {
        return new Basics.Pipe(
                bound, new Calls.NativeCall((in, given) -> Numbers.required(in), List.of()));
    }

    private static Node range(Node from, Node to, Node by) {
        return Node.of(
                false,
                (env, path, in, out) -> {
                    Consumer<JsonNode> found = value -> out.emit(value, path);
                    from.values(
                            env,
                            in,
                            first ->
                                    to.values(
                                            env,
                                            in,
                                            last ->
                                                    by.values(
                                                            env,
                                                            in,
                                                            step ->
                                                                    count(
                                                                            env, first, last, step,
                                                                            found))));
                });
    }

    private static void count(
            Env env, JsonNode from, JsonNode to, JsonNode step, Consumer<JsonNode> out) {
        if (!from.isNumber() || !to.isNumber() || !step.isNumber()) {
            countOthers(env, from, to, step, out);
            return;
        }
        double end = Numbers.real(to);
        double by = Numbers.real(step);
        double at = Numbers.real(from);
        while (by > 0 ? at < end : by < 0 && at > end) {
            env.budget.spend(1);
            out.accept(Numbers.of(at));
            at += by;
        }
    }

    /** With values that are no numbers jq counts as its operators do. */
    private static void countOthers(
            Env env, JsonNode from, JsonNode to, JsonNode step, Consumer<JsonNode> out) {
        int way = Order.compare(step, Numbers.of(0));
        JsonNode at = from;
        while (way != 0 && Order.compare(at, to) * way < 0) {
            env.budget.spend(1);
            out.accept(at);
            at = env.budget.built(Arithmetic.ADD.apply(at, step));
        }
    }
}
