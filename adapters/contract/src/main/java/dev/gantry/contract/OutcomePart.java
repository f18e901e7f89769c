package dev.gantry.contract;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.InstanceOfAssertFactories.type;
import static org.junit.jupiter.api.Assumptions.abort;

import dev.gantry.contract.Behaviour.Fail;
import dev.gantry.contract.Behaviour.Print;
import dev.gantry.contract.Behaviour.Produce;
import dev.gantry.spi.Attempt;
import dev.gantry.spi.Failure;
import dev.gantry.spi.Failure.Actor;
import dev.gantry.spi.Failure.Code;
import dev.gantry.spi.Failure.Progress;
import dev.gantry.spi.Limits;
import dev.gantry.spi.Outcome;
import dev.gantry.spi.Outcome.Failed;
import dev.gantry.spi.Outcome.Succeeded;
import dev.gantry.spi.RunnerException;
import dev.gantry.spi.Workload;
import org.junit.jupiter.api.Test;

/** Endings are told as they were, in a form that can be acted on. */
interface OutcomePart extends Benched {
    int OUTPUT_LIMIT = 64 * 1024;

    @Test
    default void reportsAFailureOfTheWorkload() throws RunnerException {
        Outcome outcome = bench().outcomeOf(bench().attempts.of(new Fail(3)));

        Failed failed = assertFailed(outcome);
        assertThat(failed.failure().code()).isIn(Code.EXIT_NONZERO, Code.FUNCTION_ERROR);
        assertThat(failed.failure().actor()).isEqualTo(Actor.AUTHOR);
        assertThat(failed.failure().progress()).isEqualTo(Progress.ENDED);
        if (failed.process() != null) {
            assertThat(failed.process().code()).as("exit code").isEqualTo(3);
        }
    }

    @Test
    default void takesAnExitCodeForTheResultIfAskedTo() throws RunnerException {
        Attempt attempt = bench().attempts.of(new Fail(3));
        if (!(attempt.workload() instanceof Workload.Process process)) {
            abort("the fixture's workloads are no processes");
            return;
        }
        Attempt asking = Attempts.withWorkload(attempt, askingForProcess(process));

        Outcome outcome = bench().outcomeOf(asking);

        assertThat(outcome)
                .asInstanceOf(type(Succeeded.class))
                .extracting(it -> new String(it.output(), UTF_8))
                .asString()
                .containsPattern("\"code\"\\s*:\\s*3\\b")
                .contains("\"stdout\"", "\"stderr\"");
    }

    private static Workload askingForProcess(Workload.Process it) {
        return asking(it, Workload.Result.PROCESS);
    }

    private static Workload asking(Workload.Process it, Workload.Result result) {
        return new Workload.Process(
                it.name(),
                it.image(),
                it.command(),
                it.script(),
                it.arguments(),
                it.environment(),
                it.stdin(),
                it.pull(),
                result,
                it.retention(),
                it.keepFor());
    }

    /** What a process ends with by itself is its code, also where kills have the same. */
    @Test
    default void tellsACodeFromAKill() throws RunnerException {
        for (int code : new int[] {137, 143}) {
            Attempt attempt = bench().attempts.of(new Fail(code));

            Failure failure = assertFailed(bench().outcomeOf(attempt)).failure();

            assertThat(failure.code()).isIn(Code.EXIT_NONZERO, Code.FUNCTION_ERROR);
            assertThat(failure.progress()).isEqualTo(Progress.ENDED);
            if (attempt.workload() instanceof Workload.Process process) {
                Attempt again = bench().attempts.of(askingForProcess(process));
                assertThat(bench().outcomeOf(again)).isInstanceOf(Succeeded.class);
            }
        }
    }

    @Test
    default void countsOnlyWhatIsAskedForAgainstTheLimit() throws RunnerException {
        Attempt attempt = bench().attempts.of(new Print(3 * OUTPUT_LIMIT, 100));
        if (!(attempt.workload() instanceof Workload.Process process)) {
            abort("the fixture's workloads are no processes");
            return;
        }

        for (Workload.Result result : Workload.Result.values()) {
            Outcome outcome =
                    bench().outcomeOf(limited(bench().attempts.of(asking(process, result))));

            switch (result) {
                case CODE, STDERR, FUNCTION -> assertThat(outcome).isInstanceOf(Succeeded.class);
                case PROCESS, STDOUT ->
                        assertThat(assertFailed(outcome).failure().code())
                                .isEqualTo(Code.OUTPUT_TOO_LARGE);
            }
        }
    }

    @Test
    default void acceptsAnOutputOfTheSizeOfTheLimit() throws RunnerException {
        Attempt attempt = limited(bench().attempts.of(new Produce(OUTPUT_LIMIT)));

        Outcome outcome = bench().outcomeOf(attempt);

        assertThat(outcome)
                .asInstanceOf(type(Succeeded.class))
                .extracting(it -> new String(it.output(), UTF_8).strip().length())
                .isEqualTo(OUTPUT_LIMIT);
    }

    @Test
    default void failsAnOutputOverTheLimit() throws RunnerException {
        int large = Math.min(20 * OUTPUT_LIMIT, bench().fixture.carried());
        for (int bytes : new int[] {OUTPUT_LIMIT + 1, large}) {
            Attempt attempt = limited(bench().attempts.of(new Produce(bytes)));

            Failure failure = assertFailed(bench().outcomeOf(attempt)).failure();

            assertThat(failure.code()).isEqualTo(Code.OUTPUT_TOO_LARGE);
            assertThat(failure.actor()).isEqualTo(Actor.AUTHOR);
            assertThat(failure.retryable()).as("retryable").isFalse();
            assertThat(failure.progress()).isEqualTo(Progress.ENDED);
        }
    }

    @Test
    default void tellsNoInputInAFailure() throws RunnerException {
        String secret = "secret-8f14e45f";
        Attempt attempt =
                Attempts.withInput(
                        bench().attempts.of(new Fail(1)), "{\"card\":\"%s\"}".formatted(secret));

        Outcome outcome = bench().outcomeOf(attempt);

        assertThat(assertFailed(outcome).failure().message()).doesNotContain(secret);
    }

    private Failed assertFailed(Outcome outcome) {
        assertThat(outcome).isInstanceOf(Failed.class);
        Failed failed = (Failed) outcome;
        Failures.assertSound(failed.failure(), bench().fixture);
        return failed;
    }

    private static Attempt limited(Attempt attempt) {
        Limits it = attempt.limits();
        return Attempts.withLimits(
                attempt,
                new Limits(
                        it.cpuMillis(),
                        it.memoryBytes(),
                        it.timeout(),
                        OUTPUT_LIMIT,
                        it.maxLogBytes(),
                        it.maxArtifactBytes()));
    }
}
