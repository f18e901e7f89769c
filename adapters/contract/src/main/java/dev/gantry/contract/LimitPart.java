package dev.gantry.contract;

import static dev.gantry.spi.Capability.CANCEL;
import static dev.gantry.spi.Capability.CPU_LIMIT;
import static dev.gantry.spi.Capability.MEMORY_LIMIT;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.abort;

import dev.gantry.contract.Behaviour.Allocate;
import dev.gantry.contract.Behaviour.Burn;
import dev.gantry.contract.Behaviour.Sleep;
import dev.gantry.contract.Behaviour.StarveChild;
import dev.gantry.spi.Attempt;
import dev.gantry.spi.Failure.Actor;
import dev.gantry.spi.Failure.Code;
import dev.gantry.spi.Failure.Progress;
import dev.gantry.spi.Limits;
import dev.gantry.spi.Outcome;
import dev.gantry.spi.Outcome.Failed;
import dev.gantry.spi.Outcome.Succeeded;
import dev.gantry.spi.RunnerException;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Limits that are claimed are enforced, and endings by a limit are told apart. */
interface LimitPart extends Benched {
    long MIB = 1L << 20;

    @Test
    default void endsWhatTakesTooMuchMemory() throws RunnerException {
        bench().assumeClaimed(MEMORY_LIMIT);
        Attempt attempt = limited(null, 64 * MIB, bench().attempts.of(new Allocate(256 * MIB)));

        Outcome outcome = bench().outcomeOf(attempt);

        Failed failed = assertFailed(outcome, Code.OUT_OF_MEMORY);
        assertThat(failed.failure().actor()).isEqualTo(Actor.AUTHOR);
        assertThat(failed.failure().retryable()).isFalse();
    }

    @Test
    default void letsAWorkloadGoOnWhoseChildHadTooLittleMemory() throws RunnerException {
        bench().assumeClaimed(MEMORY_LIMIT);
        Attempt attempt = limited(null, 64 * MIB, bench().attempts.of(new StarveChild(256 * MIB)));

        assertThat(bench().outcomeOf(attempt)).isInstanceOf(Succeeded.class);
    }

    @Test
    default void grantsTheMemoryUnderTheLimit() throws RunnerException {
        bench().assumeClaimed(MEMORY_LIMIT);
        Attempt attempt = limited(null, 128 * MIB, bench().attempts.of(new Allocate(32 * MIB)));

        Outcome outcome = bench().outcomeOf(attempt);

        assertThat(outcome).isInstanceOf(Succeeded.class);
    }

    @Test
    default void givesNoMoreCpuThanTheLimit() throws RunnerException {
        bench().assumeClaimed(CPU_LIMIT);
        Duration time = bench().fixture.moment().multipliedBy(2);
        Attempt attempt = limited(200, null, bench().attempts.of(new Burn(time)));

        Outcome outcome = bench().outcomeOf(attempt);

        assertThat(outcome).isInstanceOf(Succeeded.class);
        String cpuMillis = new String(((Succeeded) outcome).output(), UTF_8).strip();
        assertThat(Double.parseDouble(cpuMillis))
                .as("CPU time of %s on a fifth of a CPU", time)
                .isLessThan(0.4 * time.toMillis());
    }

    @Test
    default void endsByItselfWhatIsOverdue() throws RunnerException {
        Duration overdue =
                bench().fixture
                        .overdue()
                        .orElseGet(() -> abort("the fixture promises no end of its own"));
        assertThat(overdue).as("overdue").isLessThan(bench().fixture.patience());
        Duration timeout = bench().fixture.moment();
        Attempt sleeping = bench().attempts.of(new Sleep(Duration.ofMinutes(10)));
        Attempt attempt = Attempts.withLimits(sleeping, sleeping.limits().withTimeout(timeout));
        long before = System.nanoTime();

        Outcome outcome = bench().outcomeOf(attempt);

        Duration took = Duration.ofNanos(System.nanoTime() - before);
        Failed failed = assertFailed(outcome, Code.TIMEOUT);
        assertThat(failed.failure().progress())
                .as("progress of what was stopped half-way")
                .isEqualTo(Progress.MAY_HAVE_COMMITTED);
        assertThat(took).isGreaterThanOrEqualTo(timeout);
        if (bench().claims(CANCEL)) {
            assertThat(bench().fixture.alive(attempt)).as("alive after the outcome").isFalse();
        }
    }

    private Failed assertFailed(Outcome outcome, String code) {
        assertThat(outcome).isInstanceOf(Failed.class);
        Failed failed = (Failed) outcome;
        Failures.assertSound(failed.failure(), bench().fixture);
        assertThat(failed.failure().code()).isEqualTo(code);
        assertThat(failed.failure().progress())
                .as("progress of what ran")
                .isNotEqualTo(Progress.NEVER_STARTED);
        return failed;
    }

    private static Attempt limited(
            @Nullable Integer cpuMillis, @Nullable Long memoryBytes, Attempt attempt) {
        Limits it = attempt.limits();
        return Attempts.withLimits(
                attempt,
                new Limits(
                        cpuMillis,
                        memoryBytes,
                        it.timeout(),
                        it.maxOutputBytes(),
                        it.maxLogBytes(),
                        it.maxArtifactBytes()));
    }
}
