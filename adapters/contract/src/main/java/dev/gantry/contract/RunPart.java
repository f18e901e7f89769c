package dev.gantry.contract;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.gantry.contract.Behaviour.Echo;
import dev.gantry.contract.Behaviour.TellContext;
import dev.gantry.spi.Attempt;
import dev.gantry.spi.Handle;
import dev.gantry.spi.Outcome;
import dev.gantry.spi.Outcome.Succeeded;
import dev.gantry.spi.RunnerException;
import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

/** A workload gets what is its own, and nobody waits for it. */
interface RunPart extends Benched {

    @Test
    default void givesTheWorkloadItsInput() throws RunnerException {
        String input = "{\"order\":4711,\"note\":\"Grüße, \\\"naïve\\\" 東京 €\"}";
        Attempt attempt = Attempts.withInput(bench().attempts.of(new Echo()), input);

        Outcome outcome = bench().outcomeOf(attempt);

        assertThat(output(outcome)).isEqualTo(input);
        assertThat(bench().fixture.runs(attempt)).as("runs").isEqualTo(1);
    }

    @Test
    default void givesTheWorkloadAnInputThatFitsInNoVariable() throws RunnerException {
        String input = "{\"text\":\"" + "0123456789".repeat(20_000) + "\"}";
        Attempt attempt = Attempts.withInput(bench().attempts.of(new Echo()), input);

        Outcome outcome = bench().outcomeOf(attempt);

        assertThat(output(outcome)).isEqualTo(input);
    }

    @Test
    default void tellsTheWorkloadWhoItIs() throws RunnerException {
        Attempt attempt = bench().attempts.of(new TellContext());

        String told = output(bench().outcomeOf(attempt));

        assertThat(told)
                .contains(member("GANTRY_EXECUTION_ID", attempt.context().executionId()))
                .contains(member("GANTRY_STEP", Integer.toString(attempt.context().step())))
                .contains(member("GANTRY_ATTEMPT", "1"))
                .contains(member("GANTRY_CORRELATION_ID", attempt.context().correlationId()))
                .contains(member("GANTRY_IDEMPOTENCY_KEY", attempt.context().idempotencyKey()))
                .contains(member("GANTRY_TENANT", attempt.context().tenant()))
                .contains(member("GANTRY_INITIATOR", attempt.context().initiator()))
                .contains(
                        member(
                                "TRACEPARENT",
                                Objects.requireNonNull(attempt.context().traceparent())))
                .contains(member("GANTRY_INPUT", "{}"));
    }

    @Test
    default void keepsStepsApartThatRunAtTheSameTime() throws RunnerException {
        List<Attempt> attempts = new ArrayList<>();
        List<CompletableFuture<Outcome>> outcomes = new ArrayList<>();
        for (int i = 0; i < crowd(); i++) {
            Attempt attempt =
                    Attempts.withInput(bench().attempts.of(new Echo()), "{\"n\":%d}".formatted(i));
            attempts.add(attempt);
            outcomes.add(bench().begin(attempt).outcome());
        }

        for (int i = 0; i < outcomes.size(); i++) {
            assertThat(output(bench().await(outcomes.get(i)))).isEqualTo("{\"n\":%d}".formatted(i));
            assertThat(bench().fixture.runs(attempts.get(i))).as("runs of step %d", i).isEqualTo(1);
        }
    }

    @Test
    default void returnsFromRunAtOnce() throws RunnerException {
        Attempt attempt = bench().attempts.sleeping();
        Handle handle = bench().provision(bench().adapter(), attempt);
        long before = System.nanoTime();

        var outcome = bench().adapter().run(handle, attempt, new LogStore().sink());

        Duration took = Duration.ofNanos(System.nanoTime() - before);
        assertThat(outcome).as("outcome when run returns").isNotDone();
        assertThat(took).as("time that run took").isLessThan(bench().fixture.moment());
    }

    @Test
    default void holdsNoPlatformThreadPerStep() throws RunnerException {
        int crowd = crowd();
        bench().beginAndSee(bench().attempts.sleeping());
        int threadsBefore = ManagementFactory.getThreadMXBean().getThreadCount();

        for (int i = 1; i < crowd; i++) {
            bench().beginAndSee(bench().attempts.sleeping());
        }

        int threads = ManagementFactory.getThreadMXBean().getThreadCount() - threadsBefore;
        assertThat(threads)
                .as("platform threads added by %d further steps", crowd - 1)
                .isLessThan(Math.max(4, crowd / 2));
    }

    private int crowd() {
        return Math.min(bench().fixture.crowd(), bench().adapter().capabilities().maxInFlight());
    }

    private static String output(Outcome outcome) {
        assertThat(outcome).isInstanceOf(Succeeded.class);
        return new String(((Succeeded) outcome).output(), UTF_8).strip();
    }

    private static String member(String name, String value) {
        return "\"%s\":\"%s\"".formatted(name, value);
    }
}
