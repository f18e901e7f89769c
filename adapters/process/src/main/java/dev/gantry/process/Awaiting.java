package dev.gantry.process;

import dev.gantry.spi.ExecutionException;
import dev.gantry.spi.Outcome;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;

/** Stays with a step's work until its end. */
@FunctionalInterface
public interface Awaiting {
    Outcome outcome() throws ExecutionException;

    /**
     * On a thread of its own; what is thrown is the future's failure as it is, not wrapped.
     *
     * @param threads that may wait for long
     */
    static CompletableFuture<Outcome> on(Executor threads, Awaiting work) {
        CompletableFuture<Outcome> ending = new CompletableFuture<>();
        threads.execute(() -> {
            try {
                ending.complete(work.outcome());
            } catch (ExecutionException | RuntimeException e) {
                ending.completeExceptionally(e);
            }
        });
        return ending;
    }
}
