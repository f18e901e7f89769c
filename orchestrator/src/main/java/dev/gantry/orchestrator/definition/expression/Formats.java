package dev.gantry.orchestrator.definition.expression;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.TextNode;
import dev.gantry.orchestrator.problem.Nearest;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Locale;
import java.util.Map;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/** jq's {@code @csv}, {@code @base64} and the like: values written as texts for others to read. */
final class Formats {
    private static final String BASE32 = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
    private static final String UNRESERVED = "-_.~";

    /** As in a text: itself if it is one, else as JSON. */
    static final Native TEXT =
            (in, given) -> in.isTextual() ? in : TextNode.valueOf(JsonText.of(in));

    private static final Map<String, Native> ALL =
            Map.ofEntries(
                    Map.entry("text", TEXT),
                    Map.entry("json", (in, given) -> TextNode.valueOf(JsonText.of(in))),
                    Map.entry("csv", (in, given) -> row(in, ",", "csv", Formats::csv)),
                    Map.entry("tsv", (in, given) -> row(in, "\t", "tsv", Formats::tsv)),
                    Map.entry("html", ofText(Formats::html)),
                    Map.entry("uri", ofText(Formats::uri)),
                    Map.entry("sh", (in, given) -> shell(in)),
                    Map.entry(
                            "base64",
                            ofText(text -> Base64.getEncoder().encodeToString(bytes(text, 1.4)))),
                    Map.entry("base64d", ofText(Formats::unbase64)),
                    Map.entry("base32", ofText(Formats::base32)),
                    Map.entry("base32d", ofText(Formats::unbase32)));

    private Formats() {}

    static @Nullable Native named(String name) {
        return ALL.get(name);
    }

    static String unknown(String name) {
        return "the format '@%s' is unknown%s".formatted(name, Nearest.hint(name, ALL.keySet()));
    }

    private static Native ofText(UnaryOperator<String> written) {
        return (in, given) ->
                TextNode.valueOf(written.apply(in.isTextual() ? in.textValue() : JsonText.of(in)));
    }

    private static byte[] bytes(String text, double growth) {
        Budget.requireLength(text.length() * growth);
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private static JsonNode row(
            JsonNode in, String separator, String format, UnaryOperator<String> quoted) {
        if (!in.isArray()) {
            throw new JqError(
                    "%s cannot be a row of @%s, which is an array".formatted(Shown.of(in), format));
        }
        StringBuilder row = new StringBuilder();
        for (int i = 0; i < in.size(); i++) {
            JsonNode item = in.get(i);
            if (item.isContainerNode()) {
                throw new JqError(
                        "%s cannot be a field of @%s, which is a text, a number, a boolean or null"
                                .formatted(Shown.of(item), format));
            }
            row.append(i == 0 ? "" : separator);
            row.append(
                    item.isTextual()
                            ? quoted.apply(item.textValue())
                            : item.isNull() ? "" : JsonText.of(item));
            Budget.requireLength(row.length());
        }
        return TextNode.valueOf(row.toString());
    }

    private static String csv(String text) {
        return '"' + text.replace("\"", "\"\"") + '"';
    }

    private static String tsv(String text) {
        return text.replace("\\", "\\\\")
                .replace("\t", "\\t")
                .replace("\r", "\\r")
                .replace("\n", "\\n");
    }

    private static String html(String text) {
        Budget.requireLength(text.length() * 6.0);
        return text.replace("&", "&amp;")
                .replace("<", "&lt;")
                .replace(">", "&gt;")
                .replace("'", "&apos;")
                .replace("\"", "&quot;");
    }

    private static String uri(String text) {
        StringBuilder written = new StringBuilder();
        for (byte b : bytes(text, 9)) {
            char c = (char) (b & 0xFF);
            boolean plain =
                    (c >= 'a' && c <= 'z')
                            || (c >= 'A' && c <= 'Z')
                            || (c >= '0' && c <= '9')
                            || UNRESERVED.indexOf(c) >= 0;
            if (plain) {
                written.append(c);
            } else {
                written.append("%%%02X".formatted((int) c));
            }
        }
        return written.toString();
    }

    private static JsonNode shell(JsonNode in) {
        if (!in.isArray()) {
            return TextNode.valueOf(shellWord(in));
        }
        StringBuilder words = new StringBuilder();
        for (JsonNode item : in) {
            words.append(words.isEmpty() ? "" : " ").append(shellWord(item));
            Budget.requireLength(words.length());
        }
        return TextNode.valueOf(words.toString());
    }

    private static String shellWord(JsonNode item) {
        if (item.isContainerNode()) {
            throw new JqError("%s cannot be a word of a shell command".formatted(Shown.of(item)));
        }
        return item.isTextual()
                ? "'" + item.textValue().replace("'", "'\\''") + "'"
                : JsonText.of(item);
    }

    private static String unbase64(String text) {
        String digits = text.replaceAll("=+$", "");
        try {
            if (digits.length() % 4 != 1) {
                return new String(Base64.getDecoder().decode(digits), StandardCharsets.UTF_8);
            }
        } catch (IllegalArgumentException e) {
            // Said below.
        }
        throw new JqError("%s is no base64".formatted(Shown.of(TextNode.valueOf(text))));
    }

    private static String base32(String text) {
        StringBuilder coded = new StringBuilder();
        long bits = 0;
        int count = 0;
        for (byte b : bytes(text, 6.4)) {
            bits = ((bits << 8) | (b & 0xFF)) & 0xFFFF;
            count += 8;
            while (count >= 5) {
                count -= 5;
                coded.append(BASE32.charAt((int) (bits >> count) & 31));
            }
        }
        if (count > 0) {
            coded.append(BASE32.charAt((int) (bits << (5 - count)) & 31));
        }
        while (coded.length() % 8 != 0) {
            coded.append('=');
        }
        return coded.toString();
    }

    private static String unbase32(String text) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        int bits = 0;
        int count = 0;
        String digits = text.toUpperCase(Locale.ROOT).replace("=", "");
        for (int i = 0; i < digits.length(); i++) {
            int value = BASE32.indexOf(digits.charAt(i));
            if (value < 0) {
                throw new JqError("%s is no base32".formatted(Shown.of(TextNode.valueOf(text))));
            }
            bits = ((bits << 5) | value) & 0xFFFF;
            count += 5;
            if (count >= 8) {
                count -= 8;
                bytes.write(bits >> count);
            }
        }
        return bytes.toString(StandardCharsets.UTF_8);
    }
}
