package dev.gantry.adapter.docker;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gantry.contract.Printed;
import dev.gantry.spi.Attempt;
import dev.gantry.spi.Failure;
import dev.gantry.spi.Failure.Code;
import dev.gantry.spi.Failure.Progress;
import dev.gantry.spi.Handle;
import dev.gantry.spi.LogSink.Stream;
import dev.gantry.spi.Outcome;
import dev.gantry.spi.Probe;
import dev.gantry.spi.RunnerAdapter;
import dev.gantry.spi.Workload.Result;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What the end of a container means. */
class EndingsOnEngineTest {
    private final Bench bench = new Bench(java.util.Map.of());

    @AfterEach
    void close() {
        bench.close();
    }

    @ParameterizedTest
    @ValueSource(ints = {129, 130, 137, 139, 143, 255})
    void takesACodeThatTheProcessEndsWithForACode(int code) throws Exception {
        String script = "exit " + code;

        assertThat(bench.run(Steps.shell(Result.PROCESS, script)).output())
                .contains("\"code\":" + code);
        assertThat(bench.run(Steps.shell(Result.CODE, script)).output())
                .contains("\"code\":" + code);
        Failure failure = bench.run(Steps.shell(Result.FUNCTION, script)).failed().failure();
        assertThat(failure.code()).isEqualTo(Code.EXIT_NONZERO);
        assertThat(failure.progress()).isEqualTo(Progress.ENDED);
    }

    @ParameterizedTest
    @ValueSource(strings = {"SIGKILL", "SIGTERM", "SIGHUP"})
    void knowsAKillFromOutside(String signal) throws Exception {
        // The first process of a container ignores what it does not handle; a child does not.
        String script =
                "sh -c 'kill -0 1; sleep 60' & trap 'exit 143' TERM; trap 'exit 129' HUP; wait";
        Attempt attempt = Steps.of(bench.installation, Steps.shell(Result.PROCESS, script));
        Handle handle = bench.adapter.provision(attempt);
        CompletableFuture<Outcome> outcome = bench.adapter.run(handle, attempt, new Printed());
        awaitRunning(handle, attempt);
        // Its traps are set a moment after it runs.
        Thread.sleep(1_000);

        bench.engine
                .docker
                .killContainerCmd(Objects.requireNonNull(handle.state().get("container")))
                .withSignal(signal)
                .exec();

        Outcome.Failed failed = (Outcome.Failed) outcome.get(30, TimeUnit.SECONDS);
        assertThat(failed.failure().code()).isEqualTo(Code.KILLED);
        assertThat(failed.failure().progress()).isEqualTo(Progress.MAY_HAVE_COMMITTED);
        bench.release(handle);
    }

    @Test
    void tellsACodeFromAKillAlsoToWhoComesLater() throws Exception {
        Attempt attempt = Steps.of(bench.installation, Steps.shell(Result.PROCESS, "exit 143"));
        Handle handle = bench.adapter.provision(attempt);
        var _ = bench.adapter.run(handle, attempt, new Printed()).get(30, TimeUnit.SECONDS);

        try (RunnerAdapter later = Engine.adapter(bench.installation, java.util.Map.of())) {
            assertThat(later.probe(handle, attempt))
                    .isInstanceOfSatisfying(
                            Probe.Done.class,
                            done ->
                                    assertThat(done.outcome())
                                            .isInstanceOf(Outcome.Succeeded.class));
        }
        bench.release(handle);
    }

    private void awaitRunning(Handle handle, Attempt attempt) throws InterruptedException {
        for (int n = 0; n < 300; n++) {
            if (bench.adapter.probe(handle, attempt) instanceof Probe.Running) {
                return;
            }
            Thread.sleep(50);
        }
        throw new AssertionError("it does not run");
    }

    @Test
    void letsAProcessGoOnWhoseChildHadTooLittleMemory() throws Exception {
        Attempt attempt =
                Steps.of(
                        bench.installation,
                        Steps.shell(
                                Result.PROCESS,
                                "dd if=/dev/zero of=/dev/null bs=200M count=1 2>/dev/null || echo cheap; exit 0"),
                        Steps.limits(32L << 20, 4L << 20, 1L << 20));

        assertThat(bench.run(attempt).output())
                .isEqualTo("{\"code\":0,\"stdout\":\"cheap\\n\",\"stderr\":\"\"}");
    }

    @Test
    void saysWhyAProcessFailedWhoseChildHadTooLittleMemory() throws Exception {
        Attempt attempt =
                Steps.of(
                        bench.installation,
                        Steps.shell(
                                Result.FUNCTION,
                                "dd if=/dev/zero of=/dev/null bs=200M count=1 || exit 3"),
                        Steps.limits(32L << 20, 4L << 20, 1L << 20));

        Failure failure = bench.run(attempt).failed().failure();

        assertThat(failure.code()).isEqualTo(Code.EXIT_NONZERO);
        assertThat(failure.message()).contains("exit code 3", "lack of memory");
    }

    @Test
    void countsOnlyWhatIsAskedForAgainstTheLimit() throws Exception {
        String script = "head -c 300000 /dev/zero | tr '\\0' x; echo small >&2; exit ";

        assertThat(limited(Result.CODE, script + 0).output()).contains("\"code\":0");
        assertThat(limited(Result.STDERR, script + 0).output()).contains("\"stderr\":\"small\\n\"");
        assertThat(limited(Result.STDOUT, script + 4).output())
                .contains("\"code\":4", "\"stderr\":\"small\\n\"");
        for (Result asked : new Result[] {Result.STDOUT, Result.PROCESS, Result.FUNCTION}) {
            assertThat(limited(asked, script + 0).failed().failure().code())
                    .isEqualTo(Code.OUTPUT_TOO_LARGE);
        }
        assertThat(limited(Result.CODE, script + 0).printed().text(Stream.STDOUT)).hasSize(300_000);
    }

    private Bench.Left limited(Result result, String script) throws Exception {
        return bench.run(
                Steps.of(
                        bench.installation,
                        Steps.shell(result, script),
                        Steps.limits(null, 100_000, 1L << 20)));
    }
}
