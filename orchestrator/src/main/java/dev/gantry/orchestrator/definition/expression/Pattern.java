package dev.gantry.orchestrator.definition.expression;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.IntNode;
import java.util.List;
import java.util.function.Consumer;

/** What takes a value apart and binds names to the parts. */
sealed interface Pattern {
    boolean isSingle();

    /**
     * @param outer what expressions in the pattern see
     * @param env what names are bound in
     */
    void bind(Env outer, Env env, JsonNode value, Consumer<Env> out);

    /** As one level further in. */
    default void within(Env outer, Env env, JsonNode value, Consumer<Env> out) {
        env.budget.inner(() -> bind(outer, env, value, out));
    }

    record Name(Object name) implements Pattern {
        @Override
        public boolean isSingle() {
            return true;
        }

        @Override
        public void bind(Env outer, Env env, JsonNode value, Consumer<Env> out) {
            out.accept(env.with(name, value));
        }
    }

    record Items(List<Pattern> items) implements Pattern {
        @Override
        public boolean isSingle() {
            return items.stream().allMatch(Pattern::isSingle);
        }

        @Override
        public void bind(Env outer, Env env, JsonNode value, Consumer<Env> out) {
            bind(0, outer, env, value, out);
        }

        private void bind(int from, Env outer, Env env, JsonNode value, Consumer<Env> out) {
            if (from == items.size()) {
                out.accept(env);
                return;
            }
            JsonNode item = Parts.get(value, IntNode.valueOf(from));
            items.get(from)
                    .within(
                            outer,
                            env,
                            item,
                            inner ->
                                    inner.budget.inner(
                                            () -> bind(from + 1, outer, inner, value, out)));
        }
    }

    /** A key, and all that its value is matched with: a name, a pattern, or both. */
    record Field(Node key, List<Pattern> patterns) {}

    record Fields(List<Field> fields) implements Pattern {
        @Override
        public boolean isSingle() {
            return fields.stream()
                    .allMatch(field ->
                            field.key().isSingle()
                                    && field.patterns().stream().allMatch(Pattern::isSingle));
        }

        @Override
        public void bind(Env outer, Env env, JsonNode value, Consumer<Env> out) {
            bind(0, outer, env, value, out);
        }

        private void bind(int from, Env outer, Env env, JsonNode value, Consumer<Env> out) {
            if (from == fields.size()) {
                out.accept(env);
                return;
            }
            Field field = fields.get(from);
            field.key()
                    .values(
                            outer,
                            value,
                            key -> {
                                if (!key.isTextual()) {
                                    throw Parts.cannotIndex(value, key);
                                }
                                JsonNode part = Parts.get(value, key);
                                each(
                                        field.patterns(),
                                        outer,
                                        env,
                                        part,
                                        inner ->
                                                inner.budget.inner(() ->
                                                        bind(from + 1, outer, inner, value, out)));
                            });
        }

        private static void each(
                List<Pattern> patterns, Env outer, Env env, JsonNode part, Consumer<Env> out) {
            if (patterns.isEmpty()) {
                out.accept(env);
            } else {
                patterns.getFirst()
                        .within(
                                outer,
                                env,
                                part,
                                inner ->
                                        each(
                                                patterns.subList(1, patterns.size()),
                                                outer,
                                                inner,
                                                part,
                                                out));
            }
        }
    }
}
