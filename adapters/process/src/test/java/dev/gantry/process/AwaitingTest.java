package dev.gantry.process;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gantry.spi.ExecutionException;
import dev.gantry.spi.Failure;
import dev.gantry.spi.Failure.Actor;
import dev.gantry.spi.Failure.Progress;
import dev.gantry.spi.Outcome;
import java.util.ArrayDeque;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

class AwaitingTest {
    private final Queue<Runnable> threads = new ArrayDeque<>();

    @Test
    void returnsBeforeTheEnd() {
        Outcome cancelled = new Outcome.Cancelled(Outcome.Usage.UNKNOWN);

        CompletableFuture<Outcome> ending = Awaiting.on(threads::add, () -> cancelled);

        assertThat(ending).isNotDone();
        threads.remove().run();
        assertThat(ending).isCompletedWithValue(cancelled);
    }

    @Test
    void failsWithWhatWasThrown() {
        ExecutionException lost =
                new ExecutionException(
                        new Failure(
                                Failure.Code.LOST,
                                "gone",
                                Actor.BACKEND,
                                true,
                                Progress.MAY_HAVE_COMMITTED));
        IllegalStateException broken = new IllegalStateException("broken");

        CompletableFuture<Outcome> first =
                Awaiting.on(
                        threads::add,
                        () -> {
                            throw lost;
                        });
        CompletableFuture<Outcome> second =
                Awaiting.on(
                        threads::add,
                        () -> {
                            throw broken;
                        });
        threads.forEach(Runnable::run);

        assertThat(first.exceptionNow()).isSameAs(lost);
        assertThat(second.exceptionNow()).isSameAs(broken);
    }
}
