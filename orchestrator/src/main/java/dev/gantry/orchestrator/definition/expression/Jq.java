package dev.gantry.orchestrator.definition.expression;

import com.fasterxml.jackson.databind.JsonNode;
import dev.gantry.orchestrator.definition.plan.Arguments;
import dev.gantry.orchestrator.definition.plan.ExpressionException;
import dev.gantry.orchestrator.definition.plan.Template;
import java.util.LinkedHashSet;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import net.thisptr.jackson.jq.JsonQuery;
import net.thisptr.jackson.jq.Scope;
import net.thisptr.jackson.jq.Versions;
import net.thisptr.jackson.jq.exception.JsonQueryException;
import org.jspecify.annotations.Nullable;

/** One jq program; gives its first result, or null if it has none. */
final class Jq implements Template {
    private static final Pattern VARIABLE = Pattern.compile("\\$(?!__)([A-Za-z_][A-Za-z0-9_]*)");
    private static final int SHOWN = 200;

    private final String text;
    private final JsonQuery query;
    private final Set<String> variables;

    private Jq(String text, JsonQuery query, Set<String> variables) {
        this.text = text;
        this.query = query;
        this.variables = variables;
    }

    /**
     * @throws ExpressionException saying what is wrong with the program
     */
    static Jq compile(String text) throws ExpressionException {
        String impure = GuardedFunctions.impureName(text);
        if (impure != null) {
            throw new ExpressionException(
                    "'%s' is not available: expressions depend on their input alone"
                            .formatted(impure));
        }
        try {
            JsonQuery query = JsonQuery.compile(text, Versions.JQ_1_6);
            Set<String> variables = new LinkedHashSet<>();
            Matcher matcher = VARIABLE.matcher(text);
            while (matcher.find()) {
                variables.add(matcher.group(1));
            }
            GuardedFunctions.requireKnown(text);
            return new Jq(text, query, Set.copyOf(variables));
        } catch (JsonQueryException e) {
            throw new ExpressionException(String.valueOf(e.getMessage()), e);
        } catch (StackOverflowError e) {
            throw new ExpressionException("the expression is nested too deeply", e);
        }
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
        FirstResult result = new FirstResult();
        Budget budget = Budget.begin();
        try {
            query.apply(scope, input, result);
        } catch (FirstResult.Enough enough) {
            // The first result is all that is asked for.
        } catch (Budget.Exhausted e) {
            throw new ExpressionException("%s: %s".formatted(shown(), e.getMessage()), e);
        } catch (JsonQueryException | IllegalArgumentException | ArithmeticException e) {
            throw new ExpressionException("%s: %s".formatted(shown(), e.getMessage()), e);
        } catch (StackOverflowError e) {
            throw new ExpressionException("%s: it recurses too deeply".formatted(shown()), e);
        } finally {
            budget.end();
        }
        JsonNode value = result.value();
        Budget.requireModest(value, this::shown);
        return value;
    }

    private String shown() {
        return "expression '%s'"
                .formatted(text.length() <= SHOWN ? text : text.substring(0, SHOWN) + "…");
    }

    @Override
    public @Nullable String toString() {
        return "${ " + text + " }";
    }
}
