package dev.gantry.orchestrator.definition.expression;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.NullNode;
import com.fasterxml.jackson.databind.node.TextNode;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * jq's {@code sub} and {@code gsub}. The replacement is evaluated on the object of named captures;
 * if it has several results, so has the whole.
 */
final class RegexReplace extends Node {
    private final Node pattern;
    private final Node replacement;
    private final Node flags;
    private final String moreFlags;

    RegexReplace(Node pattern, Node replacement, @Nullable Node flags, String moreFlags) {
        super(false);
        this.pattern = pattern;
        this.replacement = replacement;
        this.flags = flags == null ? new Basics.Literal(NullNode.getInstance()) : flags;
        this.moreFlags = moreFlags;
    }

    @Override
    void each(Env env, @Nullable Path path, JsonNode in, Sink out) {
        pattern.values(
                env,
                in,
                regex ->
                        flags.values(
                                env,
                                in,
                                letters ->
                                        replace(env, in, regex, letters)
                                                .forEach(text -> out.emit(text, path))));
    }

    private List<JsonNode> replace(Env env, JsonNode in, JsonNode regex, JsonNode letters) {
        JsonNode all =
                letters.isNull()
                        ? TextNode.valueOf(moreFlags)
                        : TextNode.valueOf(
                                Texts.requireText(letters, "flags of a regular expression")
                                        + moreFlags);
        Regex.Compiled compiled = RegexMatch.compile(in, regex, all);
        String text = in.textValue();
        List<StringBuilder> results = new ArrayList<>();
        int[] done = new int[1];
        RegexMatch.each(
                compiled,
                text,
                found -> {
                    int[] which = new int[1];
                    replacement.values(
                            env,
                            RegexMatch.captures(compiled, found),
                            insert -> {
                                if (which[0] == results.size()) {
                                    results.add(new StringBuilder());
                                }
                                StringBuilder result = results.get(which[0]++);
                                result.append(text, done[0], found.start());
                                result.append(Texts.requireText(insert, "put into a text"));
                                Budget.requireLength(result.length());
                            });
                    done[0] = found.end();
                });
        if (results.isEmpty()) {
            return List.of(in);
        }
        List<JsonNode> texts = new ArrayList<>();
        for (StringBuilder result : results) {
            result.append(text, done[0], text.length());
            texts.add(env.budget.built(TextNode.valueOf(result.toString())));
        }
        return texts;
    }
}
