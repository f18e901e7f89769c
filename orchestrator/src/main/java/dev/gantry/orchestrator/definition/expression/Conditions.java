package dev.gantry.orchestrator.definition.expression;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.NullNode;
import dev.gantry.orchestrator.definition.plan.ExpressionException;
import dev.gantry.orchestrator.definition.plan.Listening.Condition;
import dev.gantry.orchestrator.definition.plan.Template;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;

/** What attributes of events must be: a value, a regular expression, or an expression. */
public final class Conditions {
    /** What a text must hold to be more than itself. Dots are in most event types. */
    private static final Pattern MARKS = Pattern.compile("[*+?\\[\\](){}|^$\\\\]");

    private Conditions() {}

    /** Whether the text stands for itself alone. */
    public static boolean isPlain(String text) {
        return !MARKS.matcher(text).find();
    }

    public static Condition compile(JsonNode value, String pointer, Templates.Faults faults) {
        if (value.isTextual()) {
            String text = value.textValue();
            return Templates.isExpression(text)
                    ? expression(Templates.expression(text, pointer, faults))
                    : isPlain(text) ? equal(value) : pattern(text, pointer, faults);
        }
        if (value.isObject()) {
            Map<String, Condition> fields = new LinkedHashMap<>();
            value.properties()
                    .forEach(field ->
                            fields.put(
                                    field.getKey(),
                                    compile(
                                            field.getValue(),
                                            pointer + "/" + field.getKey(),
                                            faults)));
            return fields(fields);
        }
        return equal(value);
    }

    private static Condition equal(JsonNode expected) {
        return (value, arguments) -> same(value, expected);
    }

    /** Other properties may be there. */
    private static Condition fields(Map<String, Condition> fields) {
        return (value, arguments) -> {
            for (Map.Entry<String, Condition> field : fields.entrySet()) {
                if (!field.getValue().holds(value.path(field.getKey()), arguments)) {
                    return false;
                }
            }
            return value.isObject();
        };
    }

    /** True or false decides; any other result is the value that is expected. */
    private static Condition expression(Template template) {
        return (value, arguments) -> {
            JsonNode given = value.isMissingNode() ? NullNode.getInstance() : value;
            JsonNode result = template.evaluate(given, arguments);
            return result.isBoolean() ? result.booleanValue() : same(value, result);
        };
    }

    private static Condition pattern(String text, String pointer, Templates.Faults faults) {
        try {
            Pattern pattern = Pattern.compile(text);
            return (value, arguments) ->
                    value.isTextual()
                            && (value.textValue().equals(text)
                                    || matches(pattern, value.textValue()));
        } catch (PatternSyntaxException e) {
            faults.broken(
                    pointer,
                    "'%s' is no regular expression: %s%s"
                            .formatted(
                                    text,
                                    e.getDescription(),
                                    text.contains("${")
                                            ? "; an expression ${ … } stands for the whole text"
                                            : ""));
            return (value, arguments) -> false;
        }
    }

    private static boolean matches(Pattern pattern, String text) throws ExpressionException {
        try {
            return pattern.matcher(new WatchedText(text)).matches();
        } catch (WatchedText.TooSlow | StackOverflowError e) {
            throw new ExpressionException("the pattern '%s' takes too long".formatted(pattern), e);
        }
    }

    private static boolean same(JsonNode a, JsonNode b) {
        return !a.isMissingNode() && Order.equal(a, b);
    }
}
