package dev.gantry.orchestrator.definition.expression;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import net.thisptr.jackson.jq.Expression;
import net.thisptr.jackson.jq.Function;
import net.thisptr.jackson.jq.PathOutput;
import net.thisptr.jackson.jq.Scope;
import net.thisptr.jackson.jq.Version;
import net.thisptr.jackson.jq.exception.JsonQueryException;
import net.thisptr.jackson.jq.path.Path;
import org.jspecify.annotations.Nullable;

/**
 * jq's {@code sub} and {@code gsub}. Arguments: pattern, the replacement, which is evaluated on the
 * object of named captures and whose first result counts, and flags.
 */
final class RegexReplace implements Function {
    @Override
    public void apply(
            Scope scope,
            List<Expression> arguments,
            JsonNode in,
            @Nullable Path path,
            PathOutput output,
            Version version)
            throws JsonQueryException {
        Expression replacement = arguments.get(1);
        arguments
                .get(0)
                .apply(
                        scope,
                        in,
                        pattern ->
                                arguments
                                        .get(2)
                                        .apply(
                                                scope,
                                                in,
                                                flags ->
                                                        output.emit(
                                                                replace(
                                                                        scope,
                                                                        in,
                                                                        pattern,
                                                                        flags,
                                                                        replacement),
                                                                null)));
    }

    private static JsonNode replace(
            Scope scope, JsonNode in, JsonNode pattern, JsonNode flags, Expression replacement)
            throws JsonQueryException {
        Matcher matcher = RegexMatch.matcher(in, pattern, flags);
        boolean all = flags.isTextual() && flags.textValue().contains("g");
        String text = in.textValue();
        StringBuilder result = new StringBuilder();
        int done = 0;
        while (matcher.find()) {
            result.append(text, done, matcher.start());
            result.append(replacement(scope, captures(matcher), replacement));
            Budget.requireLength(result.length());
            Budget.spend();
            done = matcher.end();
            if (!all) {
                break;
            }
        }
        return TextNode.valueOf(result.append(text, done, text.length()).toString());
    }

    private static ObjectNode captures(Matcher matcher) {
        ObjectNode captures = JsonNodeFactory.instance.objectNode();
        for (Map.Entry<String, Integer> group : matcher.pattern().namedGroups().entrySet()) {
            captures.put(group.getKey(), matcher.group(group.getValue()));
        }
        return captures;
    }

    private static String replacement(Scope scope, ObjectNode captures, Expression replacement)
            throws JsonQueryException {
        StringBuilder first = new StringBuilder();
        boolean[] given = new boolean[1];
        replacement.apply(
                scope,
                captures,
                value -> {
                    if (!value.isTextual()) {
                        throw new JsonQueryException(
                                "%s cannot replace a part of a string".formatted(value));
                    }
                    if (!given[0]) {
                        first.append(value.textValue());
                        given[0] = true;
                    }
                });
        return first.toString();
    }
}
