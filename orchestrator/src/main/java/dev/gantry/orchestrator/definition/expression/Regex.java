package dev.gantry.orchestrator.definition.expression;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;
import org.jspecify.annotations.Nullable;

/**
 * A regular expression as jq has it, on {@code java.util.regex}: the one engine that can be
 * stopped, since it asks for each character. What the two write differently is translated.
 */
final class Regex {
    private static final Map<String, String> CLASSES =
            Map.ofEntries(
                    Map.entry("alnum", "\\p{IsAlphabetic}\\p{IsDigit}"),
                    Map.entry("alpha", "\\p{IsAlphabetic}"),
                    Map.entry("ascii", "\\p{ASCII}"),
                    Map.entry("blank", " \\t\\p{Zs}"),
                    Map.entry("cntrl", "\\p{Cntrl}"),
                    Map.entry("digit", "\\d"),
                    Map.entry("graph", "\\p{Graph}"),
                    Map.entry("lower", "\\p{IsLowercase}"),
                    Map.entry("print", "\\p{Print}"),
                    Map.entry("punct", "\\p{IsPunctuation}$+<=>^`|~"),
                    Map.entry("space", "\\s"),
                    Map.entry("upper", "\\p{IsUppercase}"),
                    Map.entry("word", "\\w"),
                    Map.entry("xdigit", "0-9A-Fa-f"));

    private final String written;
    private final boolean extended;
    private final StringBuilder java = new StringBuilder();
    private final List<@Nullable String> groups = new ArrayList<>();
    private int at;

    private Regex(String written, boolean extended) {
        this.written = written;
        this.extended = extended;
    }

    /**
     * A compiled pattern.
     *
     * @param groups the name of each group, or null
     */
    record Compiled(Pattern pattern, List<@Nullable String> groups, Flags flags) {
        Matcher on(String text) {
            return pattern.matcher(new WatchedText(text));
        }
    }

    /** What the letters behind a pattern ask for. */
    record Flags(boolean all, boolean longest, boolean skipsEmpty, int java, boolean extended) {
        static Flags of(String letters) {
            int java = Pattern.UNICODE_CHARACTER_CLASS | Pattern.UNIX_LINES;
            for (int i = 0; i < letters.length(); i++) {
                java |=
                        switch (letters.charAt(i)) {
                            case 'i' -> Pattern.CASE_INSENSITIVE | Pattern.UNICODE_CASE;
                            case 'x' -> Pattern.COMMENTS;
                            case 'p' -> Pattern.DOTALL;
                            // Single line mode is how '^' and '$' are always read.
                            case 'g', 'l', 'n', 's' -> 0;
                            default ->
                                    throw new JqError(
                                            "'%s' is no flag of a regular expression; they are g, i, l, n, p, s and x"
                                                    .formatted(letters.charAt(i)));
                        };
            }
            return new Flags(
                    letters.contains("g"),
                    letters.contains("l"),
                    letters.contains("n"),
                    java,
                    letters.contains("x"));
        }
    }

    static Compiled compile(String pattern, String letters) {
        Flags flags = Flags.of(letters);
        Regex regex = new Regex(pattern, flags.extended());
        try {
            regex.translate();
            return new Compiled(
                    Pattern.compile(regex.java.toString(), flags.java()), regex.groups, flags);
        } catch (PatternSyntaxException e) {
            throw new JqError(
                    "\"%s\" is no regular expression: %s".formatted(pattern, e.getDescription()));
        } catch (StackOverflowError e) {
            throw new JqError("the regular expression is nested too deeply");
        }
    }

    private void translate() {
        while (at < written.length()) {
            char c = written.charAt(at);
            switch (c) {
                case '\\' -> escape();
                case '[' -> characters();
                case '(' -> group();
                case '#' -> {
                    int end = extended ? written.indexOf('\n', at) : at + 1;
                    end = end < 0 ? written.length() : end;
                    java.append(written, at, end);
                    at = end;
                }
                default -> {
                    java.append(c);
                    at++;
                }
            }
        }
    }

    private boolean follows(String text) {
        return written.startsWith(text, at);
    }

    private void escape() {
        if (at + 1 == written.length()) {
            throw new JqError(
                    "\"%s\" is no regular expression: it ends with a backslash".formatted(written));
        }
        char c = written.charAt(at + 1);
        if (c == 'h' || c == 'H' || c == 'y' || c == 'Y') {
            java.append(c);
            at += 2;
        } else if ((c == 'p' || c == 'P') && written.startsWith("{", at + 2)) {
            property(c);
        } else if (c == 'k' && written.startsWith("<", at + 2)) {
            int end = written.indexOf('>', at);
            String name = end < 0 ? "" : written.substring(at + 3, end);
            int group = groups.lastIndexOf(name) + 1;
            if (group == 0) {
                throw new JqError(
                        "\"%s\" is no regular expression: there is no group '%s' before \\k"
                                .formatted(written, name));
            }
            java.append("(?:\\").append(group).append(')');
            at = end + 1;
        } else {
            java.append('\\').appendCodePoint(written.codePointAt(at + 1));
            at += 1 + Character.charCount(written.codePointAt(at + 1));
        }
    }

    private void property(char kind) {
        int end = written.indexOf('}', at);
        String name = end < 0 ? "" : written.substring(at + 3, end);
        boolean negated = name.startsWith("^");
        String plain = negated ? name.substring(1) : name;
        char letter = negated ? (kind == 'p' ? 'P' : 'p') : kind;
        String text = "\\" + letter + "{" + plain + "}";
        if (!isPattern(text) && isPattern("\\" + letter + "{Is" + plain + "}")) {
            text = "\\" + letter + "{Is" + plain + "}";
        }
        java.append(text);
        at = end < 0 ? written.length() : end + 1;
    }

    private static boolean isPattern(String text) {
        try {
            return Pattern.compile(text).pattern().equals(text);
        } catch (PatternSyntaxException e) {
            return false;
        }
    }

    private void group() {
        boolean looksBehind = follows("(?<=") || follows("(?<!");
        if (follows("(?P<") || (follows("(?<") && !looksBehind)) {
            int from = written.indexOf('<', at) + 1;
            int end = written.indexOf('>', from);
            if (end > from) {
                groups.add(written.substring(from, end));
                java.append('(');
                at = end + 1;
                return;
            }
        }
        if (follows("(?#")) {
            int end = written.indexOf(')', at);
            at = end < 0 ? written.length() : end + 1;
            return;
        }
        if (!follows("(?")) {
            groups.add(null);
        }
        java.append('(');
        at++;
    }

    /** A class in brackets, with POSIX classes in it; brackets and signs within mean themselves. */
    private void characters() {
        java.append('[');
        at++;
        if (follows("^")) {
            java.append('^');
            at++;
        }
        if (follows("]")) {
            java.append("\\]");
            at++;
        }
        while (at < written.length() && !follows("]")) {
            char c = written.charAt(at);
            int end = follows("[:") ? written.indexOf(":]", at) : -1;
            if (c == '\\') {
                escape();
            } else if (end > 0 && posix(written.substring(at + 2, end))) {
                at = end + 2;
            } else {
                boolean special = c == '[' || c == '&' || c == '#' || c == ' ' || c == '~';
                java.append(special ? "\\" : "").append(c);
                at++;
            }
        }
        if (at < written.length()) {
            java.append(']');
            at++;
        }
    }

    private boolean posix(String name) {
        boolean negated = name.startsWith("^");
        String known = CLASSES.get(negated ? name.substring(1) : name);
        if (known == null) {
            return false;
        }
        java.append(negated ? "[^" + known + "]" : known);
        return true;
    }
}
