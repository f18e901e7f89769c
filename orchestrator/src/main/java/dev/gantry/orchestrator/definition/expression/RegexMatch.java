package dev.gantry.orchestrator.definition.expression;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.BooleanNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;
import net.thisptr.jackson.jq.Expression;
import net.thisptr.jackson.jq.Function;
import net.thisptr.jackson.jq.PathOutput;
import net.thisptr.jackson.jq.Scope;
import net.thisptr.jackson.jq.Version;
import net.thisptr.jackson.jq.exception.JsonQueryException;
import net.thisptr.jackson.jq.path.Path;
import org.jspecify.annotations.Nullable;

/**
 * jq's regular expressions on {@code java.util.regex}: the one engine that can be stopped, since it
 * asks for each character. Input: a text; arguments: pattern, flags, whether to test only.
 */
final class RegexMatch implements Function {
    @Override
    public void apply(
            Scope scope,
            List<Expression> arguments,
            JsonNode in,
            @Nullable Path path,
            PathOutput output,
            Version version)
            throws JsonQueryException {
        arguments
                .get(0)
                .apply(
                        scope,
                        in,
                        pattern ->
                                arguments
                                        .get(1)
                                        .apply(
                                                scope,
                                                in,
                                                flags ->
                                                        arguments
                                                                .get(2)
                                                                .apply(
                                                                        scope,
                                                                        in,
                                                                        test ->
                                                                                output.emit(
                                                                                        match(
                                                                                                in,
                                                                                                pattern,
                                                                                                flags,
                                                                                                test),
                                                                                        null))));
    }

    /** What finds the pattern in the text, looking at the clock while it does. */
    static Matcher matcher(JsonNode in, JsonNode pattern, JsonNode flags)
            throws JsonQueryException {
        if (!in.isTextual() || !pattern.isTextual()) {
            throw new JsonQueryException(
                    "%s cannot be matched, as it is not a string"
                            .formatted(in.isTextual() ? pattern : in));
        }
        try {
            return Pattern.compile(
                            pattern.textValue(), flags(flags.isTextual() ? flags.textValue() : ""))
                    .matcher(new WatchedText(in.textValue()));
        } catch (PatternSyntaxException e) {
            throw new JsonQueryException(
                    "%s is not a valid regex: %s".formatted(pattern, e.getDescription()));
        }
    }

    private static JsonNode match(JsonNode in, JsonNode pattern, JsonNode flags, JsonNode test)
            throws JsonQueryException {
        Matcher matcher = matcher(in, pattern, flags);
        String options = flags.isTextual() ? flags.textValue() : "";
        if (test.asBoolean()) {
            return BooleanNode.valueOf(matcher.find());
        }
        ArrayNode matches = JsonNodeFactory.instance.arrayNode();
        while (matcher.find()) {
            if (matcher.end() > matcher.start() || !options.contains("n")) {
                matches.add(found(matcher, in.textValue()));
            }
            if (!options.contains("g")) {
                break;
            }
            Budget.spend();
        }
        return matches;
    }

    private static int flags(String options) {
        int flags = Pattern.MULTILINE;
        flags |= options.contains("i") ? Pattern.CASE_INSENSITIVE | Pattern.UNICODE_CASE : 0;
        flags |= options.contains("x") ? Pattern.COMMENTS : 0;
        flags |= options.contains("s") || options.contains("p") ? Pattern.DOTALL : 0;
        return flags;
    }

    private static ObjectNode found(Matcher matcher, String text) {
        ObjectNode match = JsonNodeFactory.instance.objectNode();
        place(match, text, matcher.start(), matcher.end());
        ArrayNode captures = match.putArray("captures");
        Map<String, Integer> names = matcher.pattern().namedGroups();
        for (int i = 1; i <= matcher.groupCount(); i++) {
            ObjectNode capture = captures.addObject();
            place(capture, text, matcher.start(i), matcher.end(i));
            int group = i;
            String name =
                    names.entrySet().stream()
                            .filter(e -> e.getValue() == group)
                            .map(Map.Entry::getKey)
                            .findFirst()
                            .orElse(null);
            capture.put("name", name);
        }
        return match;
    }

    private static void place(ObjectNode node, String text, int start, int end) {
        if (start < 0) {
            node.put("offset", -1).put("length", 0).putNull("string");
        } else {
            // jq counts code points.
            node.put("offset", text.codePointCount(0, start));
            node.put("length", text.codePointCount(start, end));
            node.put("string", text.substring(start, end));
        }
    }
}
