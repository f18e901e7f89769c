package dev.gantry.adapter.localmock;

import com.fasterxml.jackson.annotation.JsonClassDescription;
import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonProperty;
import dev.gantry.spi.Attempt;
import dev.gantry.spi.Failure;
import dev.gantry.spi.Failure.Actor;
import dev.gantry.spi.Failure.Progress;
import dev.gantry.spi.Outcome.ProcessResult;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** How a workload ends if nothing stops it. */
sealed interface Ending {
    /**
     * The result is the input; a process that is asked for its streams tells how it was started.
     */
    record Echo() implements Ending {}

    record Result(Template json) implements Ending {}

    /** The result is one JSON string of the letter x with this many bytes, quotes included. */
    record Sized(int bytes) implements Ending {
        public Sized {
            if (bytes < 2) {
                throw new IllegalArgumentException(
                        "result size is %d, at least 2 expected".formatted(bytes));
            }
        }

        static Sized parse(String text) {
            long bytes = Quantities.bytes(text);
            if (bytes > Integer.MAX_VALUE) {
                throw new IllegalArgumentException(
                        "%d bytes are more than %d".formatted(bytes, Integer.MAX_VALUE));
            }
            return new Sized((int) bytes);
        }
    }

    record Computed(Function<Attempt, byte[]> json) implements Ending {}

    @JsonClassDescription("process")
    record Exit(int code, Template.Text stdout, Template.Text stderr) implements Ending {
        @JsonCreator
        static Exit read(
                @JsonProperty("code") @Nullable Integer code,
                @JsonProperty("stdout") Template.@Nullable Text stdout,
                @JsonProperty("stderr") Template.@Nullable Text stderr) {
            Template.Text nothing = Template.Text.of("");
            return new Exit(
                    code == null ? 0 : code,
                    stdout == null ? nothing : stdout,
                    stderr == null ? nothing : stderr);
        }
    }

    @JsonClassDescription("error")
    record Error(Failure failure, @Nullable ProcessResult process) implements Ending {
        @JsonCreator
        static Error parse(String code) {
            return Errors.of(Errors.checked(code), Errors.message(code));
        }

        /** What is not said is as a backend reports it for the code. */
        @JsonCreator
        static Error read(
                @JsonProperty("code") @Nullable String code,
                @JsonProperty("message") @Nullable String message,
                @JsonProperty("actor") @Nullable Actor actor,
                @JsonProperty("retryable") @Nullable Boolean retryable,
                @JsonProperty("progress") @Nullable Progress progress,
                @JsonProperty("exitCode") @Nullable Integer exitCode) {
            String checked = Errors.checked(code);
            Error usual = Errors.of(checked, message == null ? Errors.message(checked) : message);
            return new Error(
                    Errors.changed(usual.failure, actor, retryable, progress),
                    exitCode == null ? usual.process : new ProcessResult(exitCode, "", ""));
        }
    }
}
