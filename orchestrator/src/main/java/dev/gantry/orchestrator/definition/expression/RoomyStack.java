package dev.gantry.orchestrator.definition.expression;

import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Runs what nests deeply on a stack that is certainly large enough, as how much the caller's has
 * left, and how much a call takes of it, is different every time. Only what is used is paid for.
 */
final class RoomyStack {
    private static final long BYTES = 512L << 20;

    private RoomyStack() {}

    static <T extends @Nullable Object> T call(Supplier<T> work) {
        FutureTask<T> task = new FutureTask<>(work::get);
        Thread.ofPlatform().name("expression").daemon().stackSize(BYTES).start(task);
        boolean interrupted = false;
        try {
            while (true) {
                try {
                    return task.get();
                } catch (InterruptedException e) {
                    // It ends by itself within the time of an evaluation.
                    interrupted = true;
                }
            }
        } catch (ExecutionException e) {
            switch (e.getCause()) {
                case RuntimeException failure -> throw failure;
                case Error failure -> throw failure;
                case null, default -> throw new IllegalStateException(e);
            }
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }
}
