package dev.gantry.contract;

import static dev.gantry.spi.Capability.CANCEL;
import static dev.gantry.spi.Capability.REATTACH;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.InstanceOfAssertFactories.type;

import dev.gantry.contract.Behaviour.Echo;
import dev.gantry.contract.Behaviour.Fail;
import dev.gantry.spi.Attempt;
import dev.gantry.spi.Handle;
import dev.gantry.spi.Outcome.Cancelled;
import dev.gantry.spi.Outcome.Failed;
import dev.gantry.spi.Outcome.Succeeded;
import dev.gantry.spi.Probe;
import dev.gantry.spi.RunnerAdapter;
import dev.gantry.spi.RunnerException;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What a new instance finds out about a handle, and what none may ever say. */
interface ProbePart extends Benched {

    @Test
    default void probesNeverStartedBeforeTheRun() throws RunnerException {
        Attempt attempt = bench().attempts.of(new Echo());
        Handle handle = bench().provision(bench().adapter(), attempt);

        for (Probe probe : probes(handle, attempt)) {
            if (bench().claims(REATTACH)) {
                assertThat(probe).isInstanceOf(Probe.NeverStarted.class);
            } else {
                assertThat(probe).isNotInstanceOfAny(Probe.Running.class, Probe.Done.class);
            }
        }
        assertThat(bench().fixture.runs(attempt)).as("runs by probing").isZero();
    }

    @Test
    default void probesRunningWhileItRuns() throws RunnerException {
        Attempt attempt = bench().attempts.sleeping();
        Bench.Run run = bench().beginAndSee(attempt);

        for (Probe probe : probes(run.handle(), attempt)) {
            if (bench().claims(REATTACH)) {
                assertThat(probe).isInstanceOf(Probe.Running.class);
            } else {
                assertThat(probe).isNotInstanceOfAny(Probe.NeverStarted.class, Probe.Done.class);
            }
        }
        assertThat(bench().fixture.runs(attempt)).as("runs").isEqualTo(1);
    }

    @Test
    default void probesDoneWithTheSuccess() throws RunnerException {
        Attempt attempt = Attempts.withInput(bench().attempts.of(new Echo()), "{\"n\":1}");
        Bench.Run run = bench().begin(attempt);
        bench().await(run.outcome());

        for (Probe probe : probes(run.handle(), attempt)) {
            assertNoLieAfterTheEnd(probe);
            if (bench().claims(REATTACH)) {
                assertThat(probe)
                        .asInstanceOf(type(Probe.Done.class))
                        .extracting(Probe.Done::outcome)
                        .asInstanceOf(type(Succeeded.class))
                        .extracting(it -> new String(it.output(), UTF_8).strip())
                        .isEqualTo("{\"n\":1}");
            }
        }
    }

    @Test
    default void probesDoneWithTheFailure() throws RunnerException {
        Attempt attempt = bench().attempts.of(new Fail(7));
        Bench.Run run = bench().begin(attempt);
        Failed failed = (Failed) bench().await(run.outcome());

        for (Probe probe : probes(run.handle(), attempt)) {
            assertNoLieAfterTheEnd(probe);
            if (bench().claims(REATTACH)) {
                assertThat(probe)
                        .asInstanceOf(type(Probe.Done.class))
                        .extracting(Probe.Done::outcome)
                        .asInstanceOf(type(Failed.class))
                        .extracting(it -> it.failure().code())
                        .isEqualTo(failed.failure().code());
            }
        }
    }

    @Test
    default void probesAnEndAfterACancel() throws RunnerException {
        bench().assumeClaimed(CANCEL);
        Attempt attempt = bench().attempts.sleeping();
        Bench.Run run = bench().beginAndSee(attempt);
        bench().await(bench().adapter().cancel(run.handle(), Duration.ZERO));

        for (Probe probe : probes(run.handle(), attempt)) {
            assertNoLieAfterTheEnd(probe);
            if (bench().claims(REATTACH) && probe instanceof Probe.Done(var outcome)) {
                assertThat(outcome).isInstanceOfAny(Cancelled.class, Failed.class);
            }
        }
    }

    @Test
    default void probesNoStartAfterTeardown() throws RunnerException {
        Attempt attempt = bench().attempts.of(new Echo());
        Bench.Run run = bench().begin(attempt);
        bench().await(run.outcome());
        bench().teardown(bench().adapter(), run.handle());

        for (Probe probe : probes(run.handle(), attempt)) {
            assertNoLieAfterTheEnd(probe);
        }
    }

    @Test
    default void probesNoStateOfAnEarlierAttempt() throws RunnerException {
        bench().assumeClaimed(REATTACH);
        bench().assumeClaimed(CANCEL);
        Attempt earlier = bench().attempts.sleeping();
        Bench.Run run = bench().beginAndSee(earlier);
        Attempt next = Attempts.next(earlier);

        Handle handle = bench().provision(bench().adapter(), next);
        bench().forget(run.handle());

        for (Probe probe : probes(handle, next)) {
            assertThat(probe).as("attempt 2").isInstanceOf(Probe.NeverStarted.class);
        }
        for (Probe probe : probes(run.handle(), earlier)) {
            assertNoLieAfterTheEnd(probe);
        }
    }

    /**
     * The answers of the instance that has worked with the handle, and of one that reads it anew.
     */
    private List<Probe> probes(Handle handle, Attempt attempt) {
        RunnerAdapter restarted = bench().another();
        Handle read = Handle.fromBytes(handle.toBytes());
        return List.of(bench().adapter().probe(handle, attempt), restarted.probe(read, attempt));
    }

    private static void assertNoLieAfterTheEnd(Probe probe) {
        assertThat(probe)
                .as("after the end")
                .isNotInstanceOfAny(Probe.NeverStarted.class, Probe.Running.class);
    }
}
