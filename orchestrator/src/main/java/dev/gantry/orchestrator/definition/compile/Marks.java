package dev.gantry.orchestrator.definition.compile;

import com.fasterxml.jackson.databind.node.TextNode;
import dev.gantry.orchestrator.definition.expression.Templates;
import org.jspecify.annotations.Nullable;

/**
 * Texts with the marks of an expression that are none: a typo, or text around an expression, which
 * the strict mode takes as it stands.
 */
final class Marks {
    private static final String OPEN = "${";
    private static final int SHOWN = 200;

    private Marks() {}

    /**
     * @param isCode whether the text is for another language, in which the marks have a meaning
     */
    static void look(String text, String pointer, boolean isCode, Check check) {
        if (!text.contains(OPEN) || Templates.isExpression(text)) {
            return;
        }
        String stripped = text.strip();
        if (!isCode && stripped.startsWith(OPEN) && end(stripped, OPEN.length()) < 0) {
            check.reportNew(
                    "unclosed-expression",
                    pointer,
                    "the expression is not closed",
                    "${ … }",
                    "close it with '}'; a text that is to begin like this is written ${ \"…\" }");
            return;
        }
        String mend = mend(text, isCode);
        if (mend != null) {
            check.warn(
                    "expression-in-text",
                    pointer,
                    "the text has '${' within it, and is taken as it stands",
                    "one expression for the whole text",
                    mend.length() > SHOWN ? "write ${ \"text \\(.name) text\" }" : mend);
        }
    }

    /** The text as one expression; null if nothing in it looks like one. */
    private static @Nullable String mend(String text, boolean isCode) {
        StringBuilder mended = new StringBuilder();
        boolean found = false;
        int from = 0;
        int open;
        while ((open = text.indexOf(OPEN, from)) >= 0) {
            int end = end(text, open + OPEN.length());
            String program =
                    text.substring(open + OPEN.length(), end < 0 ? text.length() : end).strip();
            boolean looks = !isCode || program.startsWith(".");
            found |= looks;
            mended.append(quoted(text.substring(from, open)));
            int next = end < 0 ? text.length() : end + 1;
            mended.append(looks ? "\\(" + program + ")" : quoted(text.substring(open, next)));
            from = next;
        }
        mended.append(quoted(text.substring(from)));
        return found ? "write ${ \"" + mended + "\" }" : null;
    }

    private static String quoted(String text) {
        String quoted = TextNode.valueOf(text).toString();
        return quoted.substring(1, quoted.length() - 1);
    }

    /** Where the brace stands that closes; -1 if none does. Texts of jq may have braces. */
    private static int end(String text, int from) {
        int depth = 1;
        boolean isQuoted = false;
        for (int i = from; i < text.length(); i++) {
            char c = text.charAt(i);
            if (isQuoted && c == '\\') {
                i++;
            } else if (c == '"') {
                isQuoted = !isQuoted;
            } else if (!isQuoted && c == '{') {
                depth++;
            } else if (!isQuoted && c == '}' && --depth == 0) {
                return i;
            }
        }
        return -1;
    }
}
