package dev.gantry.orchestrator.definition.expression;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.BooleanNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.function.Consumer;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;

/** jq's {@code match} and what is made of it; places are counted in code points. */
final class RegexMatch {
    private RegexMatch() {}

    static Regex.Compiled compile(JsonNode in, JsonNode pattern, JsonNode flags) {
        Texts.requireText(in, "matched");
        String letters =
                flags.isNull() ? "" : Texts.requireText(flags, "flags of a regular expression");
        return Regex.compile(Texts.requireText(pattern, "a regular expression"), letters);
    }

    static JsonNode match(JsonNode in, JsonNode pattern, JsonNode flags, boolean isTest) {
        Regex.Compiled regex = compile(in, pattern, flags);
        String text = in.textValue();
        if (isTest) {
            return BooleanNode.valueOf(regex.on(text).find());
        }
        ArrayNode matches = JsonNodeFactory.instance.arrayNode();
        Places places = new Places(text);
        each(regex, text, found -> matches.add(found(regex, found, places)));
        return matches;
    }

    /** Each match, or the first if not all are asked for. */
    static void each(Regex.Compiled regex, String text, Consumer<MatchResult> out) {
        Budget budget = Budget.current();
        Matcher matcher = regex.on(text);
        if (regex.flags().longest()) {
            longest(matcher, text, regex.flags().all(), out);
            return;
        }
        while (matcher.find()) {
            budget.spend(1);
            if (matcher.end() == matcher.start() && regex.flags().skipsEmpty()) {
                continue;
            }
            out.accept(matcher.toMatchResult());
            if (!regex.flags().all()) {
                return;
            }
        }
    }

    /** The longest of all matches from where the last one ended. */
    private static void longest(
            Matcher matcher, String text, boolean all, Consumer<MatchResult> out) {
        matcher.useTransparentBounds(true).useAnchoringBounds(false);
        int from = 0;
        while (from <= text.length()) {
            MatchResult best = null;
            for (int start = from; start <= text.length(); start++) {
                int least = best == null ? start : start + best.end() - best.start() + 1;
                for (int end = text.length(); end >= least; end--) {
                    Budget.current().spend(1);
                    if (matcher.region(start, end).matches()) {
                        best = matcher.toMatchResult();
                        break;
                    }
                }
            }
            if (best == null) {
                return;
            }
            out.accept(best);
            if (!all) {
                return;
            }
            from = best.end() == best.start() ? best.end() + 1 : best.end();
        }
    }

    static JsonNode split(JsonNode in, JsonNode pattern, JsonNode flags) {
        Regex.Compiled regex = compile(in, pattern, flags);
        String text = in.textValue();
        ArrayNode parts = JsonNodeFactory.instance.arrayNode();
        int[] done = new int[1];
        each(
                regex,
                text,
                found -> {
                    parts.add(text.substring(done[0], found.start()));
                    done[0] = found.end();
                });
        return parts.add(text.substring(done[0]));
    }

    /** Counts code points up to places that mostly come one after the other. */
    private static final class Places {
        private final String text;
        private int at;
        private int points;

        private Places(String text) {
            this.text = text;
        }

        private int of(int place) {
            points +=
                    place >= at ? text.codePointCount(at, place) : -text.codePointCount(place, at);
            at = place;
            return points;
        }
    }

    private static ObjectNode found(Regex.Compiled regex, MatchResult found, Places places) {
        ObjectNode match = JsonNodeFactory.instance.objectNode();
        place(match, places, found, 0);
        ArrayNode captures = match.putArray("captures");
        for (int i = 1; i <= found.groupCount(); i++) {
            ObjectNode capture = captures.addObject();
            place(capture, places, found, i);
            capture.put("name", regex.groups().get(i - 1));
        }
        return match;
    }

    private static void place(ObjectNode node, Places places, MatchResult found, int group) {
        if (found.start(group) < 0) {
            node.put("offset", -1).put("length", 0).putNull("string");
        } else {
            int offset = places.of(found.start(group));
            node.put("offset", offset);
            node.put("length", places.of(found.end(group)) - offset);
            node.put("string", found.group(group));
        }
    }

    /** The named captures, as {@code sub} gives them to its replacement. */
    static ObjectNode captures(Regex.Compiled regex, MatchResult found) {
        ObjectNode captures = JsonNodeFactory.instance.objectNode();
        for (int i = 1; i <= found.groupCount(); i++) {
            String name = regex.groups().get(i - 1);
            if (name != null) {
                captures.put(name, found.group(i));
            }
        }
        return captures;
    }
}
