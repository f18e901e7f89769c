package dev.gantry.adapter.localmock;

import java.util.List;

/** A script that cannot be used, with everything that is wrong with it. */
public final class ScriptException extends IllegalArgumentException {
    private static final long serialVersionUID = 1L;

    private final transient List<String> problems;

    ScriptException(String source, List<Mistake> mistakes) {
        this(mistakes.stream().map(Mistake::toString).toList(), source);
    }

    private ScriptException(List<String> problems, String source) {
        super(source + ": " + String.join("\n" + source + ": ", problems));
        this.problems = problems;
    }

    /** Each with its place, such as {@code line 4, column 3}, where the script is a text. */
    public List<String> problems() {
        return problems;
    }
}
