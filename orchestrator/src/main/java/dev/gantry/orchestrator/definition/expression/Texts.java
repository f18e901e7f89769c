package dev.gantry.orchestrator.definition.expression;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.core.json.JsonReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.cfg.JsonNodeFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.BooleanNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.TextNode;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.UnaryOperator;
import java.util.regex.Pattern;

/** Built-in functions of texts, which are made of code points. */
final class Texts {
    private static final JsonMapper JSON =
            JsonMapper.builder()
                    .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
                    .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
                    .enable(JsonReadFeature.ALLOW_NON_NUMERIC_NUMBERS)
                    .disable(StreamReadFeature.INCLUDE_SOURCE_IN_LOCATION)
                    .disable(JsonNodeFeature.STRIP_TRAILING_BIGDECIMAL_ZEROES)
                    .build();

    private static final Pattern NUMBER =
            Pattern.compile("[-+]?(?:\\d+\\.?\\d*|\\.\\d+)(?:[eE][-+]?\\d+)?");

    private static final int REPLACEMENT = 0xFFFD;

    private Texts() {}

    /** By {@code name/arity}. */
    static Map<String, Native> functions() {
        Map<String, Native> all = new TreeMap<>();
        all.put("tostring/0", Formats.TEXT);
        all.put("tojson/0", (in, given) -> TextNode.valueOf(JsonText.of(in)));
        all.put("fromjson/0", (in, given) -> parse(requireText(in, "parsed as JSON")));
        all.put("tonumber/0", (in, given) -> number(in));
        all.put("explode/0", (in, given) -> explode(requireText(in, "exploded")));
        all.put("implode/0", (in, given) -> implode(in));
        changed(all, "ascii_downcase", text -> ascii(text, 'A', 'a' - 'A'));
        changed(all, "ascii_upcase", text -> ascii(text, 'a', 'A' - 'a'));
        changed(all, "ltrim", text -> trim(text, true, false));
        changed(all, "rtrim", text -> trim(text, false, true));
        changed(all, "trim", text -> trim(text, true, true));
        all.put("ltrimstr/1", (in, given) -> without(in, given[0], true));
        all.put("rtrimstr/1", (in, given) -> without(in, given[0], false));
        all.put(
                "startswith/1",
                (in, given) ->
                        BooleanNode.valueOf(
                                requireText(in, "searched")
                                        .startsWith(requireText(given[0], "sought"))));
        all.put(
                "endswith/1",
                (in, given) ->
                        BooleanNode.valueOf(
                                requireText(in, "searched")
                                        .endsWith(requireText(given[0], "sought"))));
        all.put(
                "utf8bytelength/0",
                (in, given) ->
                        Numbers.of(
                                requireText(in, "measured in bytes")
                                        .getBytes(StandardCharsets.UTF_8)
                                        .length));
        all.put(
                "split/1",
                (in, given) ->
                        split(requireText(in, "split"), requireText(given[0], "a separator")));
        all.put("join/1", (in, given) -> join(in, given[0]));
        all.put(
                "_match/3",
                (in, given) -> RegexMatch.match(in, given[0], given[1], given[2].booleanValue()));
        all.put("_split_by_match/2", (in, given) -> RegexMatch.split(in, given[0], given[1]));
        return all;
    }

    private static void changed(
            Map<String, Native> all, String name, UnaryOperator<String> change) {
        all.put(
                name + "/0",
                (in, given) -> {
                    String text = requireText(in, "changed by " + name);
                    String changed = change.apply(text);
                    return changed.equals(text) ? in : TextNode.valueOf(changed);
                });
    }

    static String requireText(JsonNode value, String done) {
        if (!value.isTextual()) {
            throw new JqError("%s cannot be %s, as it is no text".formatted(Shown.of(value), done));
        }
        return value.textValue();
    }

    private static JsonNode parse(String text) {
        if (text.strip().equals("nan")) {
            return Numbers.of(Double.NaN);
        }
        try (JsonParser parser = JSON.createParser(text)) {
            JsonNode value = JSON.readTree(parser);
            if (value != null && !value.isMissingNode()) {
                if (parser.nextToken() != null) {
                    throw new JqError("%s is more than one JSON value".formatted(shown(text)));
                }
                Budget.noteUnusualNumber();
                return value;
            }
            throw new JqError("%s is no JSON, but empty".formatted(shown(text)));
        } catch (JsonProcessingException e) {
            long at = e.getLocation() == null ? 0 : e.getLocation().getCharOffset();
            throw new JqError("%s is no JSON from character %d on".formatted(shown(text), at + 1));
        } catch (java.io.IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    private static String shown(String text) {
        return Shown.of(TextNode.valueOf(text));
    }

    private static JsonNode number(JsonNode in) {
        if (in.isNumber()) {
            return in;
        }
        String text = requireText(in, "made a number").strip();
        return switch (text) {
            case "nan", "NaN" -> Numbers.of(Double.NaN);
            case "Infinity", "infinity" -> Numbers.of(Double.POSITIVE_INFINITY);
            case "-Infinity", "-infinity" -> Numbers.of(Double.NEGATIVE_INFINITY);
            default -> {
                if (!NUMBER.matcher(text).matches()) {
                    throw new JqError("%s is no number".formatted(Shown.of(in)));
                }
                yield text.startsWith("-")
                        ? Numbers.negative(Numbers.written(text.substring(1)))
                        : Numbers.written(text.startsWith("+") ? text.substring(1) : text);
            }
        };
    }

    private static ArrayNode explode(String text) {
        Budget.requireLength(text.length() * 4.0);
        ArrayNode points = JsonNodeFactory.instance.arrayNode();
        text.codePoints().forEach(points::add);
        return points;
    }

    private static JsonNode implode(JsonNode in) {
        if (!in.isArray()) {
            throw new JqError(
                    "%s cannot be imploded, as it is no array of code points"
                            .formatted(Shown.of(in)));
        }
        StringBuilder text = new StringBuilder();
        for (JsonNode point : in) {
            if (!point.isNumber()) {
                throw new JqError(
                        "%s is no code point, which is a number".formatted(Shown.of(point)));
            }
            int code = (int) Math.clamp(point.doubleValue(), -1, Character.MAX_CODE_POINT + 1.0);
            boolean is =
                    Character.isValidCodePoint(code)
                            && (code < Character.MIN_SURROGATE || code > Character.MAX_SURROGATE);
            text.appendCodePoint(is ? code : REPLACEMENT);
        }
        return TextNode.valueOf(text.toString());
    }

    static String reversed(String text) {
        return new StringBuilder(text).reverse().toString();
    }

    private static String ascii(String text, char first, int change) {
        StringBuilder changed = new StringBuilder(text);
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c >= first && c < first + 26) {
                changed.setCharAt(i, (char) (c + change));
            }
        }
        return changed.toString();
    }

    private static String trim(String text, boolean left, boolean right) {
        int from = 0;
        int to = text.length();
        while (left && from < to && isBlank(text.charAt(from))) {
            from++;
        }
        while (right && to > from && isBlank(text.charAt(to - 1))) {
            to--;
        }
        return text.substring(from, to);
    }

    private static boolean isBlank(char c) {
        return c == ' ' || (c >= '\t' && c <= '\r') || c == 0x85 || Character.isSpaceChar(c);
    }

    private static JsonNode without(JsonNode in, JsonNode part, boolean left) {
        if (!in.isTextual() || !part.isTextual()) {
            return in;
        }
        String text = in.textValue();
        String cut = part.textValue();
        if (left ? !text.startsWith(cut) : !text.endsWith(cut)) {
            return in;
        }
        return TextNode.valueOf(
                left
                        ? text.substring(cut.length())
                        : text.substring(0, text.length() - cut.length()));
    }

    static ArrayNode split(String text, String separator) {
        ArrayNode parts = JsonNodeFactory.instance.arrayNode();
        if (text.isEmpty()) {
            return parts;
        }
        if (separator.isEmpty()) {
            Budget.requireLength(text.length() * 4.0);
            text.codePoints().forEach(point -> parts.add(Character.toString(point)));
            return parts;
        }
        int from = 0;
        int at = text.indexOf(separator);
        while (at >= 0) {
            parts.add(text.substring(from, at));
            from = at + separator.length();
            at = text.indexOf(separator, from);
        }
        return parts.add(text.substring(from));
    }

    private static JsonNode join(JsonNode in, JsonNode separator) {
        if (!in.isContainerNode()) {
            throw new JqError("cannot iterate over %s".formatted(Shown.of(in)));
        }
        StringBuilder text = new StringBuilder();
        boolean first = true;
        for (JsonNode item : in) {
            if (item.isContainerNode()) {
                throw new JqError("%s cannot be joined to a text".formatted(Shown.of(item)));
            }
            if (!first && !separator.isNull()) {
                text.append(requireText(separator, "a separator"));
            }
            first = false;
            text.append(
                    item.isNull() ? "" : item.isTextual() ? item.textValue() : JsonText.of(item));
            Budget.requireLength(text.length());
        }
        return TextNode.valueOf(text.toString());
    }
}
