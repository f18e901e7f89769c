package dev.gantry.adapter.localmock;

import dev.gantry.spi.Failure;
import dev.gantry.spi.Failure.Actor;
import dev.gantry.spi.Failure.Progress;
import dev.gantry.spi.Outcome.ProcessResult;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Reads a failure: its code alone, or a map that says more. */
final class ErrorReader {
    private final List<Mistake> problems;
    private String code = "";
    private @Nullable String message;
    private @Nullable Actor actor;
    private @Nullable Boolean retryable;
    private @Nullable Progress progress;
    private @Nullable Integer exitCode;
    private int times = Faults.ALWAYS;

    ErrorReader(List<Mistake> problems) {
        this.problems = problems;
    }

    Ending.Error error(Doc doc) {
        read(doc, false);
        Ending.Error usual = Errors.of(code, shownMessage());
        ProcessResult process =
                exitCode == null ? usual.process() : new ProcessResult(exitCode, "", "");
        return new Ending.Error(failure(usual.failure()), process);
    }

    /** A failure that can take place a limited number of times. */
    Failure fault(Doc doc) {
        read(doc, true);
        return failure(Errors.failure(code, shownMessage()));
    }

    int times() {
        return times;
    }

    private void read(Doc doc, boolean isFault) {
        if (doc instanceof Doc.Scalar) {
            code(FieldReader.scalar(doc));
            return;
        }
        FieldReader fields =
                new FieldReader(isFault ? "a failing provision" : "error", doc, problems);
        fields.text("code", this::code);
        fields.text("message", text -> message = text);
        fields.choice("actor", Actor.class, it -> actor = it);
        fields.flag("retryable", it -> retryable = it);
        fields.choice("progress", Progress.class, it -> progress = it);
        if (isFault) {
            fields.integer("times", it -> times = it);
        } else {
            fields.integer("exitCode", it -> exitCode = it);
        }
        fields.refuseOthers();
        if (!fields.has("code")) {
            fields.problem("'code' is missing");
        }
    }

    private void code(String text) {
        if (!text.matches("[A-Z][A-Z0-9_]*")) {
            throw new IllegalArgumentException(
                    "code '%s' is not in upper case such as FUNCTION_ERROR".formatted(text));
        }
        code = text;
    }

    private String shownMessage() {
        return message == null ? "scripted failure " + code : message;
    }

    private Failure failure(Failure usual) {
        return new Failure(
                usual.code(),
                usual.message(),
                actor == null ? usual.actor() : actor,
                retryable == null ? usual.retryable() : retryable,
                progress == null ? usual.progress() : progress);
    }
}
