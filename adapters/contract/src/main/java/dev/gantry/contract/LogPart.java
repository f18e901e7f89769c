package dev.gantry.contract;

import static dev.gantry.spi.Capability.CANCEL;
import static dev.gantry.spi.Capability.LOG_STREAMING;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.gantry.contract.Behaviour.LongLines;
import dev.gantry.contract.Behaviour.Print;
import dev.gantry.contract.Behaviour.Tick;
import dev.gantry.spi.Attempt;
import dev.gantry.spi.Limits;
import dev.gantry.spi.LogSink.Stream;
import dev.gantry.spi.Outcome.Succeeded;
import dev.gantry.spi.RunnerException;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** Log bytes stored are log bytes emitted. */
interface LogPart extends Benched {

    @Test
    default void deliversBothStreamsToTheLastByte() throws RunnerException {
        Attempt attempt = bench().attempts.of(new Print(123_456, 65_432));
        LogStore logs = LogStore.ofPattern();

        Bench.Run run = bench().begin(bench().adapter(), attempt, logs.sink());
        assertThat(bench().await(run.outcome())).isInstanceOf(Succeeded.class);
        collect(run, logs);

        logs.assertComplete(123_456, 65_432);
    }

    @Test
    default void keepsLinesOfAnyLength() throws RunnerException {
        for (int bytes : new int[] {1, 16_383, 16_384, 16_385, 40_000}) {
            Attempt attempt = bench().attempts.of(new LongLines(bytes));
            LogStore logs = new LogStore();

            Bench.Run run = bench().begin(bench().adapter(), attempt, logs.sink());
            assertThat(bench().await(run.outcome())).isInstanceOf(Succeeded.class);
            collect(run, logs);

            String line = "x".repeat(bytes);
            logs.assertIs(Stream.STDOUT, (line + "\n" + line).getBytes(UTF_8));
        }
    }

    @Test
    default void collectsNothingTwice() throws RunnerException {
        Attempt attempt = bench().attempts.of(new Print(10_010, 20_020));
        LogStore logs = LogStore.ofPattern();
        Bench.Run run = bench().begin(bench().adapter(), attempt, logs.sink());
        bench().await(run.outcome());

        collect(run, logs);
        collect(run, logs);

        logs.assertComplete(10_010, 20_020);
    }

    @Test
    default void streamsLogsWhileItRuns() throws RunnerException {
        bench().assumeClaimed(LOG_STREAMING);
        Duration moment = bench().fixture.moment();
        Attempt attempt = bench().attempts.of(new Tick(5, moment.multipliedBy(2)));
        LogStore logs = LogStore.ofPattern();

        Bench.Run run = bench().begin(bench().adapter(), attempt, logs.sink());
        bench().until("the first line", () -> logs.position(Stream.STDOUT) > 0);

        assertThat(run.outcome()).as("outcome when the first line is there").isNotDone();
        logs.assertNoViolation();
        bench().await(run.outcome());
        collect(run, logs);
        logs.assertComplete(5L * LogPattern.LINE_BYTES, 0);
    }

    @Test
    default void keepsTheLogsOfWhatWasCancelled() throws RunnerException {
        bench().assumeClaimed(CANCEL);
        Duration pause = bench().fixture.moment().dividedBy(10);
        Attempt attempt = bench().attempts.of(new Tick(10_000, pause));
        LogStore logs = LogStore.ofPattern();
        Bench.Run run = bench().begin(bench().adapter(), attempt, logs.sink());
        bench().awaitRunning(attempt);
        Pause.of(bench().fixture.moment());

        bench().await(bench().adapter().cancel(run.handle(), Duration.ZERO));
        bench().await(run.outcome());
        collect(run, logs);

        logs.assertNoViolation();
        assertThat(logs.position(Stream.STDOUT))
                .as("bytes of the lines printed before the cancel")
                .isGreaterThanOrEqualTo(2L * LogPattern.LINE_BYTES);
    }

    @Test
    default void keepsTheBeginningOfLogsOverTheLimit() throws RunnerException {
        long limit = 100_000;
        Attempt attempt = limitedTo(limit, bench().attempts.of(new Print(3 * limit, 0)));
        LogStore logs = LogStore.ofPattern();

        Bench.Run run = bench().begin(bench().adapter(), attempt, logs.sink());
        assertThat(bench().await(run.outcome())).isInstanceOf(Succeeded.class);
        collect(run, logs);

        logs.assertNoViolation();
        assertThat(logs.position(Stream.STDOUT)).isBetween(limit, 3 * limit);
    }

    private static Attempt limitedTo(long maxLogBytes, Attempt attempt) {
        Limits it = attempt.limits();
        return Attempts.withLimits(
                attempt,
                new Limits(
                        it.cpuMillis(),
                        it.memoryBytes(),
                        it.timeout(),
                        it.maxOutputBytes(),
                        maxLogBytes,
                        it.maxArtifactBytes()));
    }

    private void collect(Bench.Run run, LogStore logs) throws RunnerException {
        bench().adapter().collect(run.handle(), run.attempt(), new RecordingCollector(logs));
    }
}
