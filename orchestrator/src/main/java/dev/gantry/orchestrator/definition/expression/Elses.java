package dev.gantry.orchestrator.definition.expression;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Writes out the {@code else .} that newer jq lets authors leave away. */
final class Elses {
    private static final Pattern WORD =
            Pattern.compile(
                    "\"(?:[^\"\\\\]|\\\\.)*+\"|#[^\\n]*|[.$@]?[A-Za-z_][A-Za-z0-9_]*(?:\\s*:(?!:))?");

    private Elses() {}

    static String complete(String program) {
        StringBuilder completed = new StringBuilder();
        Deque<Boolean> open = new ArrayDeque<>();
        Matcher words = WORD.matcher(program);
        int done = 0;
        while (words.find()) {
            switch (words.group()) {
                case "if" -> open.push(false);
                case "else" -> {
                    if (!open.isEmpty()) {
                        open.pop();
                        open.push(true);
                    }
                }
                case "end" -> {
                    if (!open.isEmpty() && !open.pop()) {
                        completed.append(program, done, words.start()).append(" else . ");
                        done = words.start();
                    }
                }
                default -> {}
            }
        }
        return completed.append(program, done, program.length()).toString();
    }
}
