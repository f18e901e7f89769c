package dev.gantry.orchestrator.definition.expression;

import dev.gantry.orchestrator.definition.plan.ExpressionException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Reads a program word by word; texts are read piece by piece, as programs may be in them. */
final class Lexer {
    private static final List<String> SYMBOLS =
            List.of("//=", "|=", "+=", "-=", "*=", "/=", "%=", "==", "!=", "<=", ">=", "//", "..");
    private static final String SINGLE = ".[](){}|,:;=<>+-*/%?$";

    enum Kind {
        END,
        NUMBER,
        FIELD,
        NAME,
        VARIABLE,
        FORMAT,
        QUOTE,
        SYMBOL
    }

    /**
     * @param text of fields, variables and formats without the mark before it
     */
    record Token(Kind kind, String text, int at, int end) {
        boolean is(String symbolOrWord) {
            return (kind == Kind.SYMBOL || kind == Kind.NAME) && text.equals(symbolOrWord);
        }
    }

    private final String program;
    private int at;

    Lexer(String program) {
        this.program = program;
    }

    Token next() throws ExpressionException {
        skipBlanks();
        int from = at;
        if (at == program.length()) {
            return new Token(Kind.END, "", from, from);
        }
        char c = program.charAt(at);
        if (c == '"') {
            at++;
            return new Token(Kind.QUOTE, "\"", from, at);
        }
        if (isDigit(c) || (c == '.' && isDigit(peek(1)))) {
            return number();
        }
        if (isLetter(c)) {
            return word(Kind.NAME, 0);
        }
        if (c == '.' && isLetter(peek(1))) {
            return word(Kind.FIELD, 1);
        }
        if (c == '$' && isLetter(peek(1))) {
            return word(Kind.VARIABLE, 1);
        }
        if (c == '@' && (isLetter(peek(1)) || isDigit(peek(1)))) {
            return word(Kind.FORMAT, 1);
        }
        for (String symbol : SYMBOLS) {
            if (program.startsWith(symbol, at)) {
                at += symbol.length();
                return new Token(Kind.SYMBOL, symbol, from, at);
            }
        }
        if (SINGLE.indexOf(c) < 0) {
            throw error(from, Slips.ofCharacter(program, from));
        }
        at++;
        return new Token(Kind.SYMBOL, String.valueOf(c), from, at);
    }

    private void skipBlanks() {
        while (at < program.length()) {
            char c = program.charAt(at);
            if (c == '#') {
                int end = program.indexOf('\n', at);
                at = end < 0 ? program.length() : end;
            } else if (c == ' ' || c == '\t' || c == '\n' || c == '\r') {
                at++;
            } else {
                return;
            }
        }
    }

    private char peek(int ahead) {
        return at + ahead < program.length() ? program.charAt(at + ahead) : 0;
    }

    private static boolean isDigit(char c) {
        return c >= '0' && c <= '9';
    }

    private static boolean isLetter(char c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_';
    }

    private Token word(Kind kind, int mark) {
        int from = at;
        at += mark;
        while (isLetter(peek(0)) || isDigit(peek(0))) {
            at++;
        }
        return new Token(kind, program.substring(from + mark, at), from, at);
    }

    private Token number() {
        int from = at;
        digits();
        if (peek(0) == '.') {
            at++;
            digits();
        }
        if (peek(0) == 'e' || peek(0) == 'E') {
            int sign = peek(1) == '+' || peek(1) == '-' ? 1 : 0;
            if (isDigit(peek(1 + sign))) {
                at += 1 + sign;
                digits();
            }
        }
        return new Token(Kind.NUMBER, program.substring(from, at), from, at);
    }

    private void digits() {
        while (isDigit(peek(0))) {
            at++;
        }
    }

    /**
     * What is in a text up to its end, which is taken, or up to a program in it.
     *
     * @param opened where the text begins
     * @return null at the beginning of a program, whose mark is taken
     */
    @Nullable String rest(int opened, StringBuilder before) throws ExpressionException {
        while (at < program.length()) {
            char c = program.charAt(at++);
            if (c == '"') {
                return before.toString();
            }
            if (c != '\\') {
                before.append(c);
            } else if (peek(0) == '(') {
                at++;
                return null;
            } else {
                escape(before);
            }
        }
        throw error(opened, "the text that begins here has no closing '\"'");
    }

    private void escape(StringBuilder text) throws ExpressionException {
        int mark = at - 1;
        char c = peek(0);
        at++;
        switch (c) {
            case '"', '\\', '/' -> text.append(c);
            case 'n' -> text.append('\n');
            case 't' -> text.append('\t');
            case 'r' -> text.append('\r');
            case 'b' -> text.append('\b');
            case 'f' -> text.append('\f');
            case 'u' -> {
                int end = Math.min(at + 4, program.length());
                String digits = program.substring(at, end);
                if (!digits.matches("[0-9a-fA-F]{4}")) {
                    throw error(mark, "'\\u' is followed by four hexadecimal digits");
                }
                text.append((char) Integer.parseInt(digits, 16));
                at = end;
            }
            default ->
                    throw error(
                            mark,
                            "'\\%s' means nothing in a text; write '\\\\' for a backslash"
                                    .formatted(c == 0 ? "" : String.valueOf(c)));
        }
    }

    ExpressionException error(int where, String message) {
        int line = 1;
        int begin = 0;
        for (int i = program.indexOf('\n'); i >= 0 && i < where; i = program.indexOf('\n', i + 1)) {
            line++;
            begin = i + 1;
        }
        int column = program.codePointCount(begin, Math.max(begin, where)) + 1;
        return new ExpressionException(
                line == 1
                        ? "at column %d: %s".formatted(column, message)
                        : "at line %d, column %d: %s".formatted(line, column, message));
    }

    /** Whether a mark follows without a blank before it. */
    boolean continuesWith(String text) {
        return program.startsWith(text, at);
    }
}
