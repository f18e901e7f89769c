package dev.gantry.orchestrator.definition.expression;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.NullNode;
import dev.gantry.orchestrator.definition.plan.Arguments;
import dev.gantry.orchestrator.definition.plan.ExpressionException;
import dev.gantry.orchestrator.definition.plan.Template;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** One jq program; gives its first result, or null if it has none. */
final class Jq implements Template {
    static final int MAX_LENGTH = 16_384;

    /** What is longer may be nested so deeply that reading it takes more stack than there is. */
    private static final int SHORT = 200;

    private static final int SHOWN = 200;
    private static final Set<String> SECRET = Set.of("secrets", "authorization");

    private final String text;
    private final Node program;
    private final Map<String, Object> variables;
    private final Set<String> reads;

    private Jq(String text, Node program, Names names) {
        this.text = text;
        this.program = program;
        this.variables = names.free();
        this.reads = names.freeNames();
    }

    /**
     * @throws ExpressionException saying what is wrong with the program
     */
    static Jq compile(String text) throws ExpressionException {
        if (text.length() > MAX_LENGTH) {
            throw new ExpressionException(
                    "the expression has %d characters, more than %d"
                            .formatted(text.length(), MAX_LENGTH));
        }
        if (text.length() <= SHORT) {
            return parse(text);
        }
        Object result =
                RoomyStack.<Object>call(() -> {
                    try {
                        return parse(text);
                    } catch (ExpressionException e) {
                        return e;
                    }
                });
        if (result instanceof ExpressionException e) {
            throw e;
        }
        return (Jq) result;
    }

    private static Jq parse(String text) throws ExpressionException {
        Names names = new Names();
        try {
            return new Jq(text, new Parser(text, names, Builtins.ALL).program(), names);
        } catch (ExpressionException e) {
            throw new ExpressionException("the expression is broken " + e.getMessage(), e);
        }
    }

    @Override
    public JsonNode evaluate(JsonNode input, Arguments arguments) throws ExpressionException {
        return Budget.within(() -> {
            Budget budget = Budget.current();
            Env env = Env.empty(budget);
            for (Map.Entry<String, Object> variable : variables.entrySet()) {
                JsonNode value = arguments.get(variable.getKey());
                if (value != null) {
                    env = env.with(variable.getValue(), value);
                }
            }
            JsonNode result = run(env, input);
            return budget.hasUnusualNumbers() ? Numbers.withoutUnusual(result) : result;
        });
    }

    private JsonNode run(Env env, JsonNode input) throws ExpressionException {
        int level = env.budget.level();
        try {
            JsonNode result = first(env, input);
            return result == null ? NullNode.getInstance() : result;
        } catch (JqError | Budget.Exhausted | WatchedText.TooSlow e) {
            env.budget.backTo(level);
            throw SECRET.stream().anyMatch(reads::contains)
                    // The reason shows values.
                    ? new ExpressionException(
                            "%s failed; why is not shown, since it asks for a secret"
                                    .formatted(shown()))
                    : new ExpressionException("%s: %s".formatted(shown(), e.getMessage()), e);
        }
    }

    private @Nullable JsonNode first(Env env, JsonNode input) {
        if (program.isSingle()) {
            return program.one(env, input);
        }
        JsonNode[] first = new JsonNode[1];
        Flow.untilBroken(
                env,
                label ->
                        program.run(
                                env,
                                null,
                                input,
                                (value, where) -> {
                                    first[0] = value;
                                    throw new Flow.Broken(label);
                                }));
        return first[0];
    }

    private String shown() {
        return "expression '%s'"
                .formatted(text.length() <= SHOWN ? text : text.substring(0, SHOWN) + "…");
    }

    @Override
    public Set<String> reads() {
        return reads;
    }

    @Override
    public @Nullable String toString() {
        return "${ " + text + " }";
    }
}
