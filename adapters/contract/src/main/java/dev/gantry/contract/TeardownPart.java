package dev.gantry.contract;

import static dev.gantry.spi.Capability.IDEMPOTENT_TEARDOWN;
import static dev.gantry.spi.Capability.PROVISIONS_RESOURCES;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.gantry.contract.Behaviour.Echo;
import dev.gantry.contract.Behaviour.Fail;
import dev.gantry.spi.Attempt;
import dev.gantry.spi.Handle;
import dev.gantry.spi.RunnerAdapter;
import dev.gantry.spi.RunnerException;
import dev.gantry.spi.TeardownException;
import org.junit.jupiter.api.Test;

/** Teardown leaves nothing. */
interface TeardownPart extends Benched {

    @Test
    default void removesWhatHasEnded() throws RunnerException {
        Bench.Run succeeded = ended(new Echo());
        Bench.Run failed = ended(new Fail(1));

        bench().teardown(bench().adapter(), succeeded.handle());
        bench().teardown(bench().adapter(), failed.handle());

        assertThat(bench().owned()).isEmpty();
    }

    @Test
    default void removesWhatNeverBegan() throws RunnerException {
        Attempt attempt = bench().attempts.of(new Echo());
        Handle handle = bench().provision(bench().adapter(), attempt);

        bench().teardown(bench().adapter(), handle);

        assertThat(bench().owned()).isEmpty();
        assertThat(bench().fixture.runs(attempt)).as("runs").isZero();
    }

    @Test
    default void removesWhatAnotherInstanceProvisioned() throws RunnerException {
        bench().assumeClaimed(PROVISIONS_RESOURCES);
        Bench.Run run = ended(new Echo());
        RunnerAdapter restarted = bench().another();

        bench().teardown(restarted, Handle.fromBytes(run.handle().toBytes()));

        assertThat(bench().owned()).isEmpty();
    }

    @Test
    default void removesOnlyItsOwn() throws RunnerException {
        bench().assumeClaimed(PROVISIONS_RESOURCES);
        Bench.Run kept = ended(new Echo());
        Bench.Run removed = ended(new Echo());

        bench().teardown(bench().adapter(), removed.handle());

        assertThat(bench().owned())
                .extracting(it -> it.handle().externalName())
                .containsExactly(kept.attempt().externalName());
    }

    @Test
    default void sparesALaterAttemptOfTheStep() throws RunnerException {
        bench().assumeClaimed(PROVISIONS_RESOURCES);
        bench().assumeClaimed(IDEMPOTENT_TEARDOWN);
        Bench.Run earlier = ended(new Fail(1));
        Attempt next = Attempts.next(earlier.attempt());
        bench().provision(bench().adapter(), next);

        bench().teardown(bench().adapter(), earlier.handle());

        assertThat(bench().ownedFor(next)).as("resources of attempt 2").hasSize(1);
    }

    @Test
    default void doesNothingWhenItIsTornDownAgain() throws RunnerException {
        bench().assumeClaimed(IDEMPOTENT_TEARDOWN);
        Bench.Run run = ended(new Echo());

        bench().teardown(bench().adapter(), run.handle());
        bench().teardown(bench().adapter(), run.handle());
        bench().teardown(bench().another(), Handle.fromBytes(run.handle().toBytes()));

        assertThat(bench().owned()).isEmpty();
    }

    @Test
    default void saysSoIfItCannotBeTornDownAgain() throws RunnerException {
        bench().assumeNotClaimed(IDEMPOTENT_TEARDOWN);
        Bench.Run run = ended(new Echo());
        bench().teardown(bench().adapter(), run.handle());

        TeardownException refusal =
                catchThrowableOfType(
                        TeardownException.class, () -> bench().adapter().teardown(run.handle()));

        if (refusal != null) {
            Failures.assertSound(refusal.failure(), bench().fixture);
        }
        assertThat(bench().owned()).isEmpty();
    }

    private Bench.Run ended(Behaviour behaviour) throws RunnerException {
        Bench.Run run = bench().begin(bench().attempts.of(behaviour));
        bench().await(run.outcome());
        return run;
    }
}
