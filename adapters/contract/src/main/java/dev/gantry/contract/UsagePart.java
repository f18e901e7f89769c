package dev.gantry.contract;

import static dev.gantry.spi.Capability.CANCEL;
import static dev.gantry.spi.Capability.CPU_LIMIT;
import static dev.gantry.spi.Capability.MEMORY_LIMIT;
import static dev.gantry.spi.Capability.REATTACH;
import static dev.gantry.spi.Capability.USAGE;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.gantry.contract.Behaviour.Echo;
import dev.gantry.contract.Behaviour.Work;
import dev.gantry.spi.Attempt;
import dev.gantry.spi.Limits;
import dev.gantry.spi.Outcome;
import dev.gantry.spi.Outcome.Cancelled;
import dev.gantry.spi.Outcome.Succeeded;
import dev.gantry.spi.Outcome.Usage;
import dev.gantry.spi.RunnerException;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** What a step used is told as it was, or not at all. */
interface UsagePart extends Benched {
    long HELD = 64L << 20;

    @Test
    default void measuresWhatAStepUses() throws RunnerException {
        bench().assumeClaimed(USAGE);

        assertMeasured(bench().outcomeOf(working(measured())));
    }

    @Test
    default void goesOnMeasuringAfterARestart() throws RunnerException {
        bench().assumeClaimed(USAGE);
        bench().assumeClaimed(REATTACH);
        Bench.Run run = bench().beginAndSee(working(measured().multipliedBy(2)));
        var restarted = bench().another();

        var outcome = restarted.reattach(run.handle(), run.attempt(), new LogStore().sink());

        assertMeasured(bench().await(outcome));
    }

    @Test
    default void measuresWhatWasCancelled() throws RunnerException {
        bench().assumeClaimed(USAGE);
        bench().assumeClaimed(CANCEL);
        Bench.Run run = bench().beginAndSee(working(Duration.ofMinutes(10)));
        Pause.of(measured());

        bench().await(bench().adapter().cancel(run.handle(), Duration.ZERO));

        Outcome outcome = bench().await(run.outcome());
        assertThat(outcome).isInstanceOf(Cancelled.class);
        Usage usage = usage(outcome);
        assertThat(usage.cpuMillis()).as("CPU time").isPositive();
        assertThat(usage.peakMemoryBytes()).as("peak memory").isPositive();
    }

    @Test
    default void tellsTheLimitsInForce() throws RunnerException {
        boolean limitsCpu = bench().claims(CPU_LIMIT);
        boolean limitsMemory = bench().claims(MEMORY_LIMIT);
        assumeTrue(limitsCpu || limitsMemory, "the adapter claims to limit nothing");
        Attempt attempt = bench().attempts.of(new Echo());
        Limits it = attempt.limits();
        Limits asked =
                new Limits(
                        300,
                        96L << 20,
                        it.timeout(),
                        it.maxOutputBytes(),
                        it.maxLogBytes(),
                        it.maxArtifactBytes());

        Usage usage = usage(bench().outcomeOf(Attempts.withLimits(attempt, asked)));
        Usage byDefault = usage(bench().outcomeOf(bench().attempts.of(new Echo())));

        if (limitsCpu) {
            assertThat(usage.cpuLimitMillis()).as("limit of CPU").isEqualTo(300);
            assertThat(byDefault.cpuLimitMillis()).as("limit by default").isPositive();
        }
        if (limitsMemory) {
            assertThat(usage.memoryLimitBytes()).as("limit of memory").isEqualTo(96L << 20);
            assertThat(byDefault.memoryLimitBytes()).as("limit by default").isPositive();
        }
    }

    @Test
    default void makesNoUsageUpWithoutTheClaim() throws RunnerException {
        bench().assumeNotClaimed(USAGE);

        Usage usage = usage(bench().outcomeOf(bench().attempts.of(new Echo())));

        assertThat(List.of(known(usage.cpuMillis()), known(usage.peakMemoryBytes())))
                .as("CPU time and memory, as far as they are told")
                .doesNotContain(0L);
    }

    private static long known(@Nullable Long figure) {
        return figure == null ? -1 : figure;
    }

    private Duration measured() {
        return bench().fixture.measured();
    }

    private Attempt working(Duration time) {
        return bench().attempts.of(new Work(time, measured().dividedBy(3), HELD));
    }

    /** What the workload got is what it says, as a busy machine gives less. */
    private static void assertMeasured(Outcome outcome) {
        assertThat(outcome).isInstanceOf(Succeeded.class);
        Usage usage = usage(outcome);
        double cpuMillis =
                Double.parseDouble(new String(((Succeeded) outcome).output(), UTF_8).strip());
        assertThat(usage.cpuMillis())
                .as("CPU time of %s ms in all", cpuMillis)
                .isNotNull()
                .satisfies(told -> assertThat(told / cpuMillis).isBetween(0.75, 1.25));
        assertThat(usage.peakMemoryBytes())
                .as("peak memory")
                .isBetween((long) (0.75 * HELD), (long) (1.25 * HELD));
    }

    private static Usage usage(Outcome outcome) {
        return switch (outcome) {
            case Succeeded succeeded -> succeeded.usage();
            case Outcome.Failed failed -> failed.usage();
            case Cancelled cancelled -> cancelled.usage();
        };
    }
}
