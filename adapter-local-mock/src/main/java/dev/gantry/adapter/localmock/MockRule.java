package dev.gantry.adapter.localmock;

import com.fasterxml.jackson.annotation.JsonClassDescription;
import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonProperty;
import dev.gantry.spi.Attempt;
import dev.gantry.spi.Failure;
import dev.gantry.spi.LogSink.Stream;
import dev.gantry.spi.Outcome.Usage;
import dev.gantry.spi.RuntimeClass;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Which attempts, and what happens to them. */
@JsonClassDescription("a rule")
public final class MockRule {
    private final Match match;
    private final Answer answer;

    MockRule(Match match, Answer answer) {
        this.match = match;
        this.answer = answer;
    }

    @JsonCreator
    static MockRule read(
            @JsonProperty("when") @Nullable Match match,
            @JsonProperty("result") @Nullable Template result,
            @JsonProperty("resultSize") Ending.@Nullable Sized resultSize,
            @JsonProperty("error") Ending.@Nullable Error error,
            @JsonProperty("process") Ending.@Nullable Exit process,
            @JsonProperty("latency") @Nullable Spread latency,
            @JsonProperty("logs") @Nullable List<@Nullable LogScript> logs,
            @JsonProperty("artifacts") @Nullable List<@Nullable FileScript> files,
            @JsonProperty("usage") Answer.@Nullable UsageKeys usage,
            @JsonProperty("faults") @Nullable Faults faults) {
        return new MockRule(
                match == null ? Match.ALL : match,
                Answer.read(
                        result, resultSize, error, process, latency, logs, files, usage, faults));
    }

    Match match() {
        return match;
    }

    Answer answer() {
        return answer;
    }

    /**
     * The Java form of a rule; every method says what the key of the same meaning says in YAML.
     * Patterns know {@code *}, {@code **} and {@code ?}.
     */
    public static final class Builder {
        private @Nullable Glob function;
        private @Nullable Glob version;
        private @Nullable Glob image;
        private @Nullable Glob task;
        private @Nullable Glob iteration;
        private AttemptRange attempts = AttemptRange.ALL;
        private @Nullable RuntimeClass runtimeClass;
        private Match.Chance chance = Match.ALL.chance();

        private Ending ending = new Ending.Echo();
        private Spread latency = Spread.NONE;
        private final List<LogScript> logs = new ArrayList<>();
        private final List<FileScript> files = new ArrayList<>();
        private @Nullable Usage usage;
        private final Faults.Builder faults = new Faults.Builder();

        Builder() {}

        /** {@code namespace/name} of a function, or the name of a process. */
        public Builder function(String pattern) {
            function = new Glob(pattern);
            return this;
        }

        public Builder version(String pattern) {
            version = new Glob(pattern);
            return this;
        }

        public Builder image(String pattern) {
            image = new Glob(pattern);
            return this;
        }

        /** JSON Pointer of the task, such as {@code /do/*}{@code /charge}. */
        public Builder task(String pattern) {
            task = new Glob(pattern);
            return this;
        }

        public Builder iteration(String pattern) {
            iteration = new Glob(pattern);
            return this;
        }

        public Builder attempt(int number) {
            return attempts(number, number);
        }

        /** Both ends included. */
        public Builder attempts(int first, int last) {
            attempts = new AttemptRange(first, last);
            return this;
        }

        public Builder runtimeClass(RuntimeClass newRuntimeClass) {
            runtimeClass = newRuntimeClass;
            return this;
        }

        /** The share of attempts that match, 0 to 1, drawn from the seed. */
        public Builder chance(double share) {
            chance = new Match.Chance(share);
            return this;
        }

        /** Maps, lists, strings, numbers and so on; strings may have holes. */
        public Builder result(@Nullable Object json) {
            return ending(new Ending.Result(Template.of(Json.tree(json))));
        }

        /** A result that Java computes, JSON in UTF-8. Must be the same for the same attempt. */
        public Builder result(Function<Attempt, byte[]> json) {
            return ending(new Ending.Computed(json));
        }

        /** A JSON string of this many bytes, at least 2. */
        public Builder resultSize(int bytes) {
            return ending(new Ending.Sized(bytes));
        }

        public Builder error(Failure failure) {
            return ending(new Ending.Error(failure, null));
        }

        /** With the actor, progress and exit code that a backend reports for the code. */
        public Builder error(String code, String message) {
            return ending(Errors.of(code, message));
        }

        public Builder process(int code, String stdout, String stderr) {
            return ending(
                    new Ending.Exit(code, Template.Text.of(stdout), Template.Text.of(stderr)));
        }

        Builder ending(Ending newEnding) {
            ending = newEnding;
            return this;
        }

        public Builder latency(Duration duration) {
            return latency(duration, duration);
        }

        /** Each attempt draws its own from the seed. */
        public Builder latency(Duration from, Duration to) {
            latency = new Spread(from, to);
            return this;
        }

        public Builder log(Stream stream, String text) {
            return log(stream, text, 1, Duration.ZERO);
        }

        /**
         * @param every the pause between two repetitions
         */
        public Builder log(Stream stream, String text, int times, Duration every) {
            return log(new LogScript.Text(stream, Template.Text.of(text), times, every));
        }

        /** Numbered lines of 100 bytes, as fast as they are taken. */
        public Builder flood(Stream stream, long bytes) {
            return flood(stream, bytes, Duration.ZERO);
        }

        /**
         * @param every the pause between two lines
         */
        public Builder flood(Stream stream, long bytes, Duration every) {
            return log(new LogScript.Flood(stream, bytes, every));
        }

        Builder log(LogScript script) {
            logs.add(LogScript.checked(script));
            return this;
        }

        public Builder artifact(String path, String content) {
            return artifact(new FileScript(path, Template.Text.of(content), 0));
        }

        /** Numbered lines of 100 bytes. */
        public Builder artifact(String path, long sizeBytes) {
            return artifact(new FileScript(path, null, sizeBytes));
        }

        Builder artifact(FileScript file) {
            files.add(file);
            return this;
        }

        public Builder usage(Usage newUsage) {
            usage = newUsage;
            return this;
        }

        /** The first {@code times} provisions of a step fail, also over several attempts. */
        public Builder failsProvision(Failure failure, int times) {
            faults.provision = failure;
            faults.provisionTimes = times;
            return this;
        }

        /** The resource is there, but the caller is told otherwise. */
        public Builder losesReplies(int times) {
            faults.lostReplies = times;
            return this;
        }

        /** The future of {@code run} fails; the work goes on. */
        public Builder disconnects(Duration after) {
            faults.disconnectAfter = after;
            return this;
        }

        /** The workload disappears, and nobody can tell what became of it. */
        public Builder vanishes(Duration after) {
            faults.vanishAfter = after;
            return this;
        }

        /** Runs until it is cancelled, or until a second after its timeout. */
        public Builder hangs() {
            faults.hang = true;
            return this;
        }

        /** Goes on for so long after a cancel, unless the grace period ends before. */
        public Builder ignoresCancel(Duration time) {
            faults.ignoreStop = time;
            return this;
        }

        /** A cancel of what runs fails, and the work goes on. */
        public Builder leavesCancelUnconfirmed() {
            faults.cancelUnconfirmed = true;
            return this;
        }

        public Builder interruptsCollect(int times) {
            faults.collectTimes = times;
            return this;
        }

        public Builder failsTeardown(int times) {
            faults.teardownTimes = times;
            return this;
        }

        Answer answer() {
            return new Answer(ending, latency, logs, files, usage, faults.build());
        }

        MockRule build() {
            Match match =
                    new Match(
                            function,
                            version,
                            image,
                            task,
                            iteration,
                            attempts,
                            runtimeClass,
                            chance);
            return new MockRule(match, answer());
        }
    }
}
