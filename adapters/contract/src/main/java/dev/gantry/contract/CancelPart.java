package dev.gantry.contract;

import static dev.gantry.spi.Capability.CANCEL;
import static dev.gantry.spi.Capability.REATTACH;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.InstanceOfAssertFactories.type;

import dev.gantry.contract.Behaviour.Echo;
import dev.gantry.contract.Behaviour.IgnoreStop;
import dev.gantry.spi.Attempt;
import dev.gantry.spi.ExecutionException;
import dev.gantry.spi.Handle;
import dev.gantry.spi.Outcome.Cancelled;
import dev.gantry.spi.Outcome.Succeeded;
import dev.gantry.spi.Probe;
import dev.gantry.spi.RunnerException;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** A cancel is done when the work is dead, and not before. */
interface CancelPart extends Benched {

    @Test
    default void cancelsWhatRuns() throws RunnerException {
        bench().assumeClaimed(CANCEL);
        Attempt attempt = bench().attempts.sleeping();
        Bench.Run run = bench().beginAndSee(attempt);

        boolean alive = bench().await(aliveWhenCancelled(run, bench().fixture.moment()));

        assertThat(alive).as("alive when the cancel completes").isFalse();
        assertThat(bench().await(run.outcome())).isInstanceOf(Cancelled.class);
    }

    @Test
    default void cancelsByForceWhatIgnoresTheRequest() throws RunnerException {
        bench().assumeClaimed(CANCEL);
        Attempt attempt = bench().attempts.of(new IgnoreStop(bench().attempts.longTime()));
        Bench.Run run = bench().beginAndSee(attempt);
        Pause.of(bench().fixture.moment());

        boolean alive = bench().await(aliveWhenCancelled(run, bench().fixture.moment()));

        assertThat(alive).as("alive when the cancel completes").isFalse();
        assertThat(bench().await(run.outcome())).isInstanceOf(Cancelled.class);
    }

    @Test
    default void letsTheGracePeriodPassBeforeItUsesForce() throws RunnerException {
        bench().assumeClaimed(CANCEL);
        Duration moment = bench().fixture.moment();
        Attempt attempt = bench().attempts.of(new IgnoreStop(bench().attempts.longTime()));
        Bench.Run run = bench().beginAndSee(attempt);
        // The workload needs a moment until it ignores requests.
        Pause.of(moment);

        CompletableFuture<Void> cancelled =
                bench().adapter().cancel(run.handle(), moment.multipliedBy(3));
        Pause.of(moment);

        assertThat(cancelled).as("the cancel in its grace period").isNotDone();
        assertThat(bench().fixture.alive(attempt)).as("alive in the grace period").isTrue();
        bench().await(cancelled);
        assertThat(bench().fixture.alive(attempt)).as("alive after the cancel").isFalse();
    }

    @Test
    default void cancelsWhatIsJustBeginning() throws RunnerException {
        bench().assumeClaimed(CANCEL);
        for (int part : new int[] {Integer.MAX_VALUE, 1000, 100, 30, 10, 3}) {
            Attempt attempt = bench().attempts.sleeping();
            Bench.Run run = bench().begin(attempt);
            Pause.of(bench().fixture.moment().dividedBy(part));

            boolean alive = bench().await(aliveWhenCancelled(run, Duration.ZERO));

            assertThat(alive).as("alive when the cancel completes").isFalse();
            assertThat(bench().await(run.outcome())).isInstanceOf(Cancelled.class);
            assertThat(bench().fixture.alive(attempt)).as("alive after the outcome").isFalse();
        }
    }

    @Test
    default void cancelsWhatNeverBegan() throws RunnerException {
        bench().assumeClaimed(CANCEL);
        Attempt attempt = bench().attempts.sleeping();
        Handle handle = bench().provision(bench().adapter(), attempt);

        bench().await(bench().adapter().cancel(handle, Duration.ZERO));

        assertThat(bench().fixture.runs(attempt)).as("runs").isZero();
    }

    @Test
    default void cancelsWhatHasEnded() throws RunnerException {
        bench().assumeClaimed(CANCEL);
        Attempt attempt = bench().attempts.of(new Echo());
        Bench.Run run = bench().begin(attempt);
        bench().await(run.outcome());

        bench().await(bench().adapter().cancel(run.handle(), Duration.ZERO));

        if (bench().claims(REATTACH)) {
            assertThat(bench().another().probe(run.handle(), attempt))
                    .as("the ending that came first stays")
                    .asInstanceOf(type(Probe.Done.class))
                    .extracting(Probe.Done::outcome)
                    .isInstanceOf(Succeeded.class);
        }
    }

    @Test
    default void cancelsTwiceAtTheSameTime() throws RunnerException {
        bench().assumeClaimed(CANCEL);
        Attempt attempt = bench().attempts.sleeping();
        Bench.Run run = bench().beginAndSee(attempt);

        var one = aliveWhenCancelled(run, bench().fixture.moment());
        var other = aliveWhenCancelled(run, Duration.ZERO);

        assertThat(bench().await(one)).as("alive when the first completes").isFalse();
        assertThat(bench().await(other)).as("alive when the second completes").isFalse();
        assertThat(bench().await(run.outcome())).isInstanceOf(Cancelled.class);
    }

    @Test
    default void cancelsNothingElse() throws RunnerException {
        bench().assumeClaimed(CANCEL);
        Bench.Run kept = bench().beginAndSee(bench().attempts.sleeping());
        Bench.Run cancelled = bench().beginAndSee(bench().attempts.sleeping());

        bench().await(bench().adapter().cancel(cancelled.handle(), Duration.ZERO));

        Pause.of(bench().fixture.moment());
        assertThat(bench().fixture.alive(kept.attempt())).as("the other step lives").isTrue();
        assertThat(kept.outcome()).isNotDone();
    }

    @Test
    default void confirmsNoDeathWithoutTheClaim() throws RunnerException {
        bench().assumeNotClaimed(CANCEL);
        Bench.Run run = bench().beginAndSee(bench().attempts.sleeping());

        CompletableFuture<Void> cancelled = bench().adapter().cancel(run.handle(), Duration.ZERO);
        CompletableFuture<Boolean> honest =
                cancelled.handle((_, refusal) -> isRefusal(refusal) || run.outcome().isDone());

        assertThat(bench().await(honest)).as("refused, or completed after the end").isTrue();
    }

    private static boolean isRefusal(@Nullable Throwable failure) {
        Throwable cause = failure instanceof CompletionException ? failure.getCause() : failure;
        return cause instanceof ExecutionException;
    }

    /** Cancels, and looks at the backend at the moment at which the cancel completes. */
    private CompletableFuture<Boolean> aliveWhenCancelled(Bench.Run run, Duration grace) {
        return bench().adapter()
                .cancel(run.handle(), grace)
                .thenApply(_ -> bench().fixture.alive(run.attempt()));
    }
}
