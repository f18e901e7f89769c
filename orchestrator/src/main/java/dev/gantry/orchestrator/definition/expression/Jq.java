package dev.gantry.orchestrator.definition.expression;

import com.fasterxml.jackson.databind.JsonNode;
import dev.gantry.orchestrator.definition.plan.Arguments;
import dev.gantry.orchestrator.definition.plan.ExpressionException;
import dev.gantry.orchestrator.definition.plan.Template;
import java.util.Set;
import net.thisptr.jackson.jq.Expression;
import net.thisptr.jackson.jq.Scope;
import net.thisptr.jackson.jq.exception.JsonQueryException;
import net.thisptr.jackson.jq.internal.javacc.ExpressionParser;
import net.thisptr.jackson.jq.internal.javacc.TokenMgrError;
import org.jspecify.annotations.Nullable;

/** One jq program; gives its first result, or null if it has none. */
final class Jq implements Template {
    static final int MAX_LENGTH = 16_384;
    private static final int SHOWN = 200;
    private static final Set<String> SECRET = Set.of("secrets", "authorization");

    private final String text;
    private final Expression program;
    private final Set<String> variables;

    private Jq(String text, Expression program, Set<String> variables) {
        this.text = text;
        this.program = program;
        this.variables = variables;
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
        try {
            ProgramTree tree = new ProgramTree();
            Expression program = tree.watch(parse(text));
            GuardedFunctions.requireAllowed(tree);
            return new Jq(text, program, Set.copyOf(tree.variables()));
        } catch (StackOverflowError e) {
            throw new ExpressionException("the expression is nested too deeply", e);
        }
    }

    private static Expression parse(String text) throws ExpressionException {
        try {
            return ExpressionParser.compile(text, GuardedFunctions.VERSION);
        } catch (JsonQueryException | TokenMgrError e) {
            String completed = Elses.complete(text);
            if (!completed.equals(text)) {
                try {
                    return ExpressionParser.compile(completed, GuardedFunctions.VERSION);
                } catch (JsonQueryException | TokenMgrError ignored) {
                    // The text as it was written has the better message.
                }
            }
            throw new ExpressionException(reason(e), e);
        }
    }

    private static String reason(Throwable e) {
        Throwable cause = e.getCause() == null ? e : e.getCause();
        String first = String.valueOf(cause.getMessage()).lines().findFirst().orElse("");
        return "the expression is not well-formed: " + first;
    }

    @Override
    public JsonNode evaluate(JsonNode input, Arguments arguments) throws ExpressionException {
        Scope scope = Scope.newChildScope(GuardedFunctions.SCOPE);
        for (String variable : variables) {
            JsonNode value = arguments.get(variable);
            if (value != null) {
                scope.setValue(variable, value);
            }
        }
        return Budget.within(() -> run(scope, input));
    }

    private JsonNode run(Scope scope, JsonNode input) throws ExpressionException {
        FirstResult result = new FirstResult();
        try {
            program.apply(scope, input, result);
        } catch (FirstResult.Enough enough) {
            // The first result is all that is asked for.
        } catch (JsonQueryException | RuntimeException e) {
            if (SECRET.stream().anyMatch(variables::contains)) {
                // The reason shows values.
                throw new ExpressionException(
                        "%s failed; why is not shown, since it asks for a secret"
                                .formatted(shown()));
            }
            throw new ExpressionException("%s: %s".formatted(shown(), e.getMessage()), e);
        } catch (StackOverflowError e) {
            throw new ExpressionException("%s: it recurses too deeply".formatted(shown()), e);
        }
        return result.value();
    }

    private String shown() {
        return "expression '%s'"
                .formatted(text.length() <= SHOWN ? text : text.substring(0, SHOWN) + "…");
    }

    @Override
    public Set<String> reads() {
        return variables;
    }

    @Override
    public @Nullable String toString() {
        return "${ " + text + " }";
    }
}
