package dev.gantry.orchestrator.mask;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HexFormat;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.function.IntPredicate;

/** How a secret may come back: as it is, and as programs usually write it down. */
final class Forms {
    /** Anything shorter is found in too much that has nothing to do with it. */
    static final int SHORTEST = 4;

    /** A line of a key is known by itself; a shorter one is found in too many other texts. */
    private static final int SHORTEST_LINE = 8;

    /** Longer values are looked for in parts, so that little of a stream is held back. */
    private static final int LONGEST_PART = 512;

    private static final String UNRESERVED = "-._~";
    private static final String OF_FORMS = "-._*";
    private static final String OF_COMPONENTS = UNRESERVED + "!*'()";
    private static final String OF_URIS = OF_COMPONENTS + ";/?:@&=+$,#";

    private Forms() {}

    /** The value, its lines, and, where it is long, parts that make it up. */
    static Set<String> parts(String value) {
        Set<String> parts = new LinkedHashSet<>();
        split(value, parts);
        String stripped = value.strip();
        if (stripped.length() >= SHORTEST) {
            split(stripped, parts);
        }
        if (value.indexOf('\n') >= 0) {
            value.lines()
                    .map(String::strip)
                    .filter(line -> line.length() >= SHORTEST_LINE)
                    .forEach(line -> split(line, parts));
        }
        return parts;
    }

    private static void split(String value, Set<String> parts) {
        int end = value.length();
        if (end <= 2 * LONGEST_PART) {
            parts.add(value);
            return;
        }
        int from = 0;
        while (end - from > LONGEST_PART) {
            int to = border(value, from + LONGEST_PART);
            parts.add(value.substring(from, to));
            from = to;
        }
        parts.add(value.substring(border(value, end - LONGEST_PART)));
    }

    /** Not within a character of two halves. */
    private static int border(String value, int at) {
        return Character.isLowSurrogate(value.charAt(at)) ? at - 1 : at;
    }

    /** Texts in which line breaks count. */
    static Set<String> plain(String value) {
        Set<String> forms = new LinkedHashSet<>();
        forms.add(value);
        for (String json : json(value)) {
            forms.add(json);
            forms.addAll(json(json));
        }
        for (String kept : List.of(UNRESERVED, OF_FORMS, OF_COMPONENTS, OF_URIS)) {
            String encoded = percent(value, kept);
            forms.add(encoded);
            forms.add(encoded.replace("%20", "+"));
            String lower = lowerEscapes(encoded);
            forms.add(lower);
            forms.add(lower.replace("%20", "+"));
        }
        String html = value.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;");
        forms.add(html);
        html = html.replace("\"", "&quot;");
        forms.add(html);
        for (String quote : List.of("&#39;", "&#039;", "&#x27;", "&apos;")) {
            forms.add(html.replace("'", quote));
        }
        forms.add(value.replace("'", "'\\''"));
        forms.add(value.replace("'", "'\"'\"'"));
        forms.add(escaped(value, c -> "\\\"$`".indexOf(c) >= 0));
        forms.add(
                escaped(value, c -> c < 128 && !isLetterOrDigit(c) && "-_./=:,@%+".indexOf(c) < 0));
        return forms;
    }

    private static Set<String> json(String value) {
        Set<String> forms = new LinkedHashSet<>();
        StringBuilder text = new StringBuilder();
        StringBuilder lower = new StringBuilder();
        StringBuilder upper = new StringBuilder();
        for (int i = 0; i < value.length(); i++) {
            char c = value.charAt(i);
            String known =
                    switch (c) {
                        case '"' -> "\\\"";
                        case '\\' -> "\\\\";
                        case '\n' -> "\\n";
                        case '\r' -> "\\r";
                        case '\t' -> "\\t";
                        case '\b' -> "\\b";
                        case '\f' -> "\\f";
                        default -> c < 32 ? "\\u%04x".formatted((int) c) : String.valueOf(c);
                    };
            text.append(known);
            lower.append(c < 127 ? known : "\\u%04x".formatted((int) c));
            upper.append(c < 127 ? known : "\\u%04X".formatted((int) c));
        }
        for (String form : List.of(text.toString(), lower.toString(), upper.toString())) {
            forms.add(form);
            forms.add(form.replace("/", "\\/"));
            // As writers do that mean their JSON for pages.
            forms.add(form.replace("&", "\\u0026").replace("<", "\\u003c").replace(">", "\\u003e"));
        }
        return forms;
    }

    private static String percent(String value, String kept) {
        StringBuilder encoded = new StringBuilder();
        for (byte b : value.getBytes(StandardCharsets.UTF_8)) {
            int c = b & 0xff;
            if (isLetterOrDigit(c) || kept.indexOf(c) >= 0) {
                encoded.append((char) c);
            } else {
                encoded.append('%').append(HexFormat.of().withUpperCase().toHexDigits(b));
            }
        }
        return encoded.toString();
    }

    private static String lowerEscapes(String encoded) {
        StringBuilder lower = new StringBuilder(encoded);
        for (int i = encoded.indexOf('%'); i >= 0; i = encoded.indexOf('%', i + 1)) {
            lower.replace(i, i + 3, encoded.substring(i, i + 3).toLowerCase(Locale.ROOT));
        }
        return lower.toString();
    }

    private static String escaped(String value, IntPredicate special) {
        StringBuilder text = new StringBuilder();
        value.chars()
                .forEach(c -> {
                    if (special.test(c)) {
                        text.append('\\');
                    }
                    text.append((char) c);
                });
        return text.toString();
    }

    private static boolean isLetterOrDigit(int c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
    }

    /**
     * What of base64 a value alone decides.
     *
     * @param openness the sides on which the next character holds some of its bits too
     */
    record Encoded(String text, int openness) {}

    /** Texts that may go on in the next line. */
    static List<Encoded> wrapped(String value) {
        List<Encoded> forms = new ArrayList<>();
        Set<String> texts = new LinkedHashSet<>();
        texts.add(value);
        texts.addAll(json(value));
        for (String text : texts) {
            byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
            for (int before = 0; before < 3; before++) {
                base64(bytes, before, forms);
            }
        }
        byte[] bytes = value.getBytes(StandardCharsets.UTF_8);
        forms.add(new Encoded(HexFormat.of().formatHex(bytes), 0));
        forms.add(new Encoded(HexFormat.of().withUpperCase().formatHex(bytes), 0));
        return forms;
    }

    /**
     * @param before how many bytes of something else come first in the group of three
     */
    private static void base64(byte[] bytes, int before, List<Encoded> forms) {
        byte[] shifted = new byte[before + bytes.length];
        System.arraycopy(bytes, 0, shifted, before, bytes.length);
        // Of 6 bits each: the first that holds none of another byte's, and the last such one.
        int from = (before * 8 + 5) / 6;
        int to = shifted.length * 8 / 6;
        int openness =
                (before == 0 ? 0 : Patterns.OPEN_LEFT)
                        | (shifted.length % 3 == 0 ? 0 : Patterns.OPEN_RIGHT);
        String standard = Base64.getEncoder().encodeToString(shifted).substring(from, to);
        forms.add(new Encoded(standard, openness));
        forms.add(new Encoded(standard.replace('+', '-').replace('/', '_'), openness));
    }
}
