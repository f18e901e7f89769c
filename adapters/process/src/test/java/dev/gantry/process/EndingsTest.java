package dev.gantry.process;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.gantry.spi.Failure;
import dev.gantry.spi.Failure.Actor;
import dev.gantry.spi.Failure.Code;
import dev.gantry.spi.Failure.Progress;
import dev.gantry.spi.LogSink.Stream;
import dev.gantry.spi.Outcome;
import dev.gantry.spi.Outcome.Usage;
import dev.gantry.spi.Workload.Result;
import java.io.IOException;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class EndingsTest {
    private static final long MOST = 100;
    private static final Usage USAGE = Usage.wall(1_234L);
    private static final Ending.Signals NONE = _ -> false;
    private static final Ending.Signals ALL = _ -> true;

    private final Capture streams =
            new Capture(Given.limits(null, null, MOST, 1_000), Result.PROCESS, null);

    private static Ending ended(int code) {
        return new Ending(code, null, false, NONE, USAGE);
    }

    private static Ending ended(int code, boolean lackedMemory, Ending.Signals signals) {
        return new Ending(code, null, lackedMemory, signals, USAGE);
    }

    private Outcome outcome(Result asked, Ending ending, @Nullable String file) {
        return outcome(asked, ending, false, file);
    }

    private Outcome outcome(Result asked, Ending ending, boolean cancelled, @Nullable String file) {
        try {
            return new Endings(asked, MOST, streams, ending)
                    .outcome(
                            cancelled,
                            () -> Optional.ofNullable(file).map(text -> text.getBytes(UTF_8)));
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    private void print(Stream stream, String text) {
        streams.take(stream, streams.total(stream), text.getBytes(UTF_8));
    }

    private static String output(Outcome outcome) {
        assertThat(outcome).isInstanceOf(Outcome.Succeeded.class);
        Outcome.Succeeded succeeded = (Outcome.Succeeded) outcome;
        assertThat(succeeded.usage()).isEqualTo(USAGE);
        return new String(succeeded.output(), UTF_8);
    }

    private static Failure failure(Outcome outcome) {
        assertThat(outcome).isInstanceOf(Outcome.Failed.class);
        Outcome.Failed failed = (Outcome.Failed) outcome;
        assertThat(failed.usage()).isEqualTo(USAGE);
        return failed.failure();
    }

    private static void assertFailed(
            Outcome outcome, String code, Actor actor, boolean retryable, Progress progress) {
        Failure failure = failure(outcome);
        assertThat(failure.code()).isEqualTo(code);
        assertThat(failure.actor()).isEqualTo(actor);
        assertThat(failure.retryable()).isEqualTo(retryable);
        assertThat(failure.progress()).isEqualTo(progress);
    }

    @Test
    void takesTheFileForTheResult() {
        print(Stream.STDOUT, "[1]");

        assertThat(output(outcome(Result.FUNCTION, ended(0), "{\"a\":1}"))).isEqualTo("{\"a\":1}");
        assertThat(output(outcome(Result.FUNCTION, ended(0), null))).isEqualTo("[1]");
        assertFailed(
                outcome(Result.FUNCTION, ended(0), "{\"a\":"),
                Code.FUNCTION_ERROR,
                Actor.AUTHOR,
                false,
                Progress.ENDED);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "3 rows inserted",
                "{\"a\":1}\ndone",
                "{\"a\":1}\n{\"a\":2}",
                "[info] started",
                "1 2",
                "nullable",
                "\"a\" \"b\"",
                ""
            })
    void takesWhatOnlyBeginsLikeJsonForText(String printed) {
        print(Stream.STDOUT, printed);

        assertThat(output(outcome(Result.FUNCTION, ended(0), null)))
                .isEqualTo("\"" + printed.replace("\"", "\\\"").replace("\n", "\\n") + "\"");
    }

    @ParameterizedTest
    @ValueSource(strings = {"{\"a\":1}\n", " [1, 2] ", "\"text\"", "-1.50", "null\n"})
    void takesOneJsonValueForTheResult(String printed) {
        print(Stream.STDOUT, printed);

        assertThat(output(outcome(Result.FUNCTION, ended(0), null))).isEqualTo(printed);
    }

    @Test
    void saysWhyAProcessFailed() {
        print(Stream.STDERR, "first\nno such order\n");

        Outcome outcome = outcome(Result.FUNCTION, ended(3), null);

        assertFailed(outcome, Code.EXIT_NONZERO, Actor.AUTHOR, true, Progress.ENDED);
        assertThat(failure(outcome).message())
                .isEqualTo("the workload ended with exit code 3: no such order");
        assertThat(((Outcome.Failed) outcome).process())
                .isEqualTo(new Outcome.ProcessResult(3, "", "first\nno such order\n"));
    }

    @ParameterizedTest
    @ValueSource(ints = {129, 130, 137, 139, 143, 255})
    void takesACodeThatTheProcessEndsWithForACode(int code) {
        assertThat(output(outcome(Result.PROCESS, ended(code), null)))
                .isEqualTo("{\"code\":%d,\"stdout\":\"\",\"stderr\":\"\"}".formatted(code));
        assertThat(failure(outcome(Result.FUNCTION, ended(code), null)).code())
                .isEqualTo(Code.EXIT_NONZERO);
    }

    @ParameterizedTest
    @ValueSource(ints = {129, 137, 143})
    void knowsAKillFromOutside(int code) {
        assertFailed(
                outcome(Result.PROCESS, ended(code, false, ALL), null),
                Code.KILLED,
                Actor.BACKEND,
                true,
                Progress.MAY_HAVE_COMMITTED);
    }

    @ParameterizedTest
    @CsvSource({"137, KILLED", "143, KILLED", "129, EXIT_NONZERO", "128, EXIT_NONZERO"})
    void takesTheSignalsOfBackendsForTheirsWhereNobodyKnows(int code, String expected) {
        Ending ending = ended(code, false, Ending.Signals.UNKNOWN);

        assertThat(failure(outcome(Result.FUNCTION, ending, null)).code()).isEqualTo(expected);
    }

    @Test
    void knowsALackOfMemory() {
        assertFailed(
                outcome(Result.PROCESS, ended(137, true, NONE), null),
                Code.OUT_OF_MEMORY,
                Actor.AUTHOR,
                false,
                Progress.MAY_HAVE_COMMITTED);
    }

    @Test
    void letsAProcessGoOnWhoseChildHadTooLittleMemory() {
        print(Stream.STDOUT, "1");

        assertThat(output(outcome(Result.FUNCTION, ended(0, true, NONE), null))).isEqualTo("1");
        assertThat(failure(outcome(Result.FUNCTION, ended(3, true, NONE), null)).message())
                .contains("exit code 3", "lack of memory");
    }

    @Test
    void knowsWhatCouldNotBeStarted() {
        for (Ending ending :
                new Ending[] {
                    new Ending(null, "no such file", false, NONE, USAGE),
                    new Ending(127, "no such file", false, NONE, USAGE)
                }) {
            Outcome outcome = outcome(Result.PROCESS, ending, null);

            assertFailed(
                    outcome, Code.INVALID_WORKLOAD, Actor.AUTHOR, false, Progress.NEVER_STARTED);
            assertThat(failure(outcome).message()).contains("no such file");
        }
    }

    @Test
    void knowsWhatWasCancelled() {
        assertThat(outcome(Result.FUNCTION, ended(143), true, null))
                .isEqualTo(new Outcome.Cancelled(USAGE));
        // It ended before it was asked, or as it had to.
        assertThat(output(outcome(Result.FUNCTION, ended(0), true, "1"))).isEqualTo("1");
        assertThat(failure(outcome(Result.FUNCTION, ended(3), true, null)).code())
                .isEqualTo(Code.EXIT_NONZERO);
    }

    @Test
    void countsOnlyWhatIsAskedForAgainstTheLimit() {
        print(Stream.STDOUT, "x".repeat(200));
        print(Stream.STDERR, "small");
        Capture nothing = new Capture(Given.limits(null, null, MOST, 1_000), Result.CODE, null);

        for (Result asked : new Result[] {Result.STDOUT, Result.PROCESS, Result.FUNCTION}) {
            assertFailed(
                    outcome(asked, ended(0), null),
                    Code.OUTPUT_TOO_LARGE,
                    Actor.AUTHOR,
                    false,
                    Progress.ENDED);
        }
        assertThat(nothing.head(Stream.STDOUT)).isEmpty();
        assertFailed(
                outcome(Result.FUNCTION, ended(0), "1".repeat(101)),
                Code.OUTPUT_TOO_LARGE,
                Actor.AUTHOR,
                false,
                Progress.ENDED);
        assertThat(output(outcome(Result.FUNCTION, ended(0), "1".repeat(100)))).hasSize(100);
    }

    @Test
    void addsWhatAProcessLeftToWhatOnlyItsBackendKnows() {
        print(Stream.STDOUT, "so far");
        Failure evicted =
                new Failure(
                        "KIT_EVICTED",
                        "evicted",
                        Actor.PLATFORM,
                        true,
                        Progress.MAY_HAVE_COMMITTED);

        assertThat(new Endings(Result.FUNCTION, MOST, streams, ended(137)).failed(evicted))
                .isEqualTo(
                        new Outcome.Failed(
                                evicted, new Outcome.ProcessResult(137, "so far", ""), USAGE));
    }
}
