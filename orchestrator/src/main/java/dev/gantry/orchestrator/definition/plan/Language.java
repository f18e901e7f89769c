package dev.gantry.orchestrator.definition.plan;

import dev.gantry.spi.Workload;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Stream;

/** What code of a document can be written in. */
public enum Language {
    SHELL("script.sh", "/bin/sh"),
    PYTHON("script.py", "python3"),
    JAVASCRIPT("script.js", "node");

    private final String file;
    private final String interpreter;

    Language(String file, String interpreter) {
        this.file = file;
        this.interpreter = interpreter;
    }

    /** The word for it in functions. */
    public String label() {
        return name().toLowerCase(Locale.ROOT);
    }

    public static List<String> labels() {
        return Stream.of(values()).map(Language::label).toList();
    }

    public static Optional<Language> of(String label) {
        return Stream.of(values()).filter(one -> one.label().equals(label)).findFirst();
    }

    /** What runs a script that is a file. */
    public List<String> command() {
        return List.of(interpreter);
    }

    /**
     * The code as a file: so its arguments are its own, whatever they look like, and it may be
     * longer than an argument.
     */
    public Workload.Script script(String code) {
        return new Workload.Script(file, code);
    }
}
