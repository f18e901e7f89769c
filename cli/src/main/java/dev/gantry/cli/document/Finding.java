package dev.gantry.cli.document;

import com.fasterxml.jackson.databind.JsonNode;
import dev.gantry.cli.client.Json;
import dev.gantry.cli.terminal.Style;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** Shows what is wrong with a document, where it stands, with the line and a caret below it. */
public final class Finding {
    private static final int WIDEST = 160;
    private static final String SPACE = "   ";

    private Finding() {}

    public static List<String> error(Document document, JsonNode problem, Style style) {
        return lines(document, problem, style.red("error"), style);
    }

    /** What is no mistake, and still may not be what was meant. */
    public static List<String> warning(Document document, JsonNode problem, Style style) {
        return lines(document, problem, style.yellow("warning"), style);
    }

    private static List<String> lines(
            Document document, JsonNode problem, String severity, Style style) {
        int line = problem.path("line").asInt();
        int column = Math.max(1, problem.path("column").asInt());
        String message = Style.safe(Json.text(problem, "message"));
        String code = Style.safe(Json.text(problem, "code"));
        List<String> lines = new ArrayList<>();
        String place =
                line < 1
                        ? document.place()
                        : "%s:%d:%d"
                                .formatted(
                                        document.file(), document.firstLine() + line - 1, column);
        lines.add(
                "%s: %s: %s %s"
                        .formatted(
                                style.bold(place), severity, message, style.dim("[" + code + "]")));
        String source = document.line(line);
        if (line >= 1 && !source.isBlank()) {
            excerpt(document.firstLine() + line - 1, source, column, style, lines);
        }
        hint("expected", Json.text(problem, "expected"), style, lines);
        hint("hint", Json.text(problem, "suggestion"), style, lines);
        return lines;
    }

    private static void excerpt(
            int line, String source, int column, Style style, List<String> lines) {
        String number = String.format(Locale.ROOT, "%5d", line);
        int start = Math.min(column - 1, source.length());
        // A very long line is shown from a little before the place.
        int from = start < WIDEST ? 0 : start - WIDEST / 2;
        String part = source.substring(from, Math.min(source.length(), from + WIDEST));
        String visible = Style.safe(part);
        String under = " ".repeat(start - from) + "^".repeat(Math.max(1, token(source, start)));
        lines.add("%s %s %s".formatted(style.dim(number), style.dim("|"), visible));
        lines.add(
                "%s %s %s"
                        .formatted(
                                " ".repeat(number.length()),
                                style.dim("|"),
                                style.red(under.substring(0, Math.min(under.length(), WIDEST)))));
    }

    /** How long the word is that begins there: a key without its colon, or a value. */
    private static int token(String source, int start) {
        if (start >= source.length()) {
            return 1;
        }
        char first = source.charAt(start);
        if (first == '"' || first == '\'') {
            int end = source.indexOf(first, start + 1);
            return end < 0 ? source.length() - start : end - start + 1;
        }
        int end = start;
        while (end < source.length() && !isEnd(source, end)) {
            end++;
        }
        return end - start;
    }

    private static boolean isEnd(String source, int at) {
        char c = source.charAt(at);
        boolean last = at + 1 == source.length();
        return Character.isWhitespace(c)
                || ",]}".indexOf(c) >= 0
                || (c == ':' && (last || source.charAt(at + 1) == ' '));
    }

    private static void hint(String name, String text, Style style, List<String> lines) {
        if (!text.isEmpty()) {
            lines.add(SPACE + "  " + style.dim("=") + " " + name + ": " + Style.safe(text));
        }
    }
}
