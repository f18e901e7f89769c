package dev.gantry.adapter.localmock;

import java.util.List;

/** A script that cannot be used, with everything that is wrong with it. */
public final class ScriptException extends IllegalArgumentException {
    private static final long serialVersionUID = 1L;

    private final transient List<String> problems;

    ScriptException(String source, List<String> problems) {
        super(source + ": " + String.join("\n" + source + ": ", problems));
        this.problems = List.copyOf(problems);
    }

    /** Each with its place, such as {@code line 4, column 3}, where the script is a text. */
    public List<String> problems() {
        return problems;
    }
}
