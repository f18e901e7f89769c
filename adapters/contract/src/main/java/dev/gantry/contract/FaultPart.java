package dev.gantry.contract;

import static dev.gantry.contract.Fault.BACKEND_DOWN;
import static dev.gantry.contract.Fault.CONNECTION_LOST_WHILE_RUNNING;
import static dev.gantry.contract.Fault.REPLY_LOST_AFTER_CREATE;
import static dev.gantry.spi.Capability.CANCEL;
import static dev.gantry.spi.Capability.PROVISIONS_RESOURCES;
import static dev.gantry.spi.Capability.REATTACH;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.gantry.contract.Behaviour.Echo;
import dev.gantry.contract.Behaviour.Sleep;
import dev.gantry.spi.Attempt;
import dev.gantry.spi.ExecutionException;
import dev.gantry.spi.Failure.Actor;
import dev.gantry.spi.Failure.Progress;
import dev.gantry.spi.Handle;
import dev.gantry.spi.Outcome.Succeeded;
import dev.gantry.spi.Probe;
import dev.gantry.spi.ProvisionException;
import dev.gantry.spi.RunnerAdapter;
import dev.gantry.spi.RunnerException;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** What breaks between adapter and backend is told honestly, and can be mended afterwards. */
interface FaultPart extends Benched {

    @Test
    default void mendsAReplyThatWasLostAfterCreate() throws RunnerException {
        bench().assumeClaimed(PROVISIONS_RESOURCES);
        Attempt attempt = bench().attempts.of(new Echo());
        RunnerAdapter broken = bench().suffering(REPLY_LOST_AFTER_CREATE);
        ProvisionException lost =
                catchThrowableOfType(
                        ProvisionException.class, () -> bench().provision(broken, attempt));
        if (lost != null) {
            Failures.assertSound(lost.failure(), bench().fixture);
            assertThat(lost.failure().progress()).isEqualTo(Progress.NEVER_STARTED);
        }
        RunnerAdapter restarted = bench().another();

        Handle handle = bench().provision(restarted, attempt);
        var outcome = bench().await(restarted.run(handle, attempt, new LogStore().sink()));

        assertThat(outcome).isInstanceOf(Succeeded.class);
        assertThat(bench().ownedFor(attempt)).as("resources of the step").hasSize(1);
        assertThat(bench().fixture.runs(attempt)).as("runs").isEqualTo(1);
    }

    @Test
    default void admitsThatItLostSightOfWhatRuns() throws RunnerException {
        Duration twoMoments = bench().fixture.moment().multipliedBy(2);
        Attempt attempt = bench().attempts.of(new Sleep(twoMoments));
        RunnerAdapter broken = bench().suffering(CONNECTION_LOST_WHILE_RUNNING);
        Bench.Run run = bench().begin(broken, attempt, new LogStore().sink());

        var failure = bench().failureOf(run.outcome());

        assertThat(failure.progress())
                .as("progress of what nobody can see")
                .isEqualTo(Progress.MAY_HAVE_COMMITTED);
        if (bench().claims(REATTACH)) {
            goOnAfterTheLoss(run);
        }
    }

    private void goOnAfterTheLoss(Bench.Run run) {
        RunnerAdapter restarted = bench().another();
        bench().remember(run.handle(), restarted);

        var outcome = restarted.reattach(run.handle(), run.attempt(), new LogStore().sink());

        assertThat(bench().await(outcome)).isInstanceOf(Succeeded.class);
        assertThat(bench().fixture.runs(run.attempt())).as("runs").isEqualTo(1);
    }

    @Test
    default void tellsThatItsBackendIsDown() {
        RunnerAdapter broken = bench().suffering(BACKEND_DOWN);
        long before = System.nanoTime();

        var health = broken.health();

        assertThat(health.isConnected()).isFalse();
        assertThat(health.detail()).as("reason").isNotBlank();
        assertThat(Duration.ofNanos(System.nanoTime() - before)).isLessThan(Duration.ofSeconds(6));
    }

    @Test
    default void declaresTheSameWithItsBackendDown() {
        RunnerAdapter broken = bench().suffering(BACKEND_DOWN);

        assertThat(broken.capabilities()).isEqualTo(bench().adapter().capabilities());
    }

    @Test
    default void startsNothingWithItsBackendDown() {
        RunnerAdapter broken = bench().suffering(BACKEND_DOWN);
        Attempt attempt = bench().attempts.of(new Echo());

        ProvisionException refusal =
                catchThrowableOfType(
                        ProvisionException.class, () -> bench().provision(broken, attempt));

        assertThat(refusal).isNotNull();
        Failures.assertSound(refusal.failure(), bench().fixture);
        assertThat(refusal.failure().progress()).isEqualTo(Progress.NEVER_STARTED);
        assertThat(refusal.failure().actor()).isIn(Actor.BACKEND, Actor.PLATFORM);
        assertThat(refusal.failure().retryable()).as("retryable").isTrue();
    }

    @Test
    default void claimsNoKnowledgeWithItsBackendDown() throws RunnerException {
        Attempt attempt = bench().attempts.sleeping();
        Bench.Run run = bench().beginAndSee(attempt);
        RunnerAdapter broken = bench().suffering(BACKEND_DOWN);

        Probe probe = broken.probe(run.handle(), attempt);
        Throwable refusal = catchThrowable(broken::owned);

        assertThat(probe).isInstanceOf(Probe.Unknown.class);
        if (bench().claims(PROVISIONS_RESOURCES)) {
            assertThat(refusal)
                    .as("an empty list would tell the reaper that nothing is there")
                    .isInstanceOf(ExecutionException.class);
        }
    }

    @Test
    default void confirmsNoDeathWithItsBackendDown() throws RunnerException {
        bench().assumeClaimed(CANCEL);
        Attempt attempt = bench().attempts.sleeping();
        Bench.Run run = bench().beginAndSee(attempt);
        RunnerAdapter broken = bench().suffering(BACKEND_DOWN);

        var cancelled = broken.cancel(run.handle(), Duration.ZERO);

        bench().failureOf(cancelled);
        assertThat(bench().fixture.alive(attempt)).as("still alive").isTrue();
    }
}
