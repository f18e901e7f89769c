package dev.gantry.contract;

import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/** Does something again and again, beside the test, until it is closed. */
final class Watch implements AutoCloseable {
    private final Thread thread;
    private final AtomicReference<@Nullable Exception> failure = new AtomicReference<>();
    private volatile boolean closed;

    private Watch(Callable<?> look) {
        thread = Thread.startVirtualThread(() -> repeat(look));
    }

    static Watch during(Callable<?> look) {
        return new Watch(look);
    }

    private void repeat(Callable<?> look) {
        try {
            while (!closed) {
                look.call();
                Pause.of(Duration.ofMillis(1));
            }
        } catch (Exception e) {
            failure.set(e);
        }
    }

    @Override
    public void close() {
        closed = true;
        join();
        Exception broken = failure.get();
        if (broken != null) {
            throw new AssertionError("the watch broke off", broken);
        }
    }

    private void join() {
        try {
            thread.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError("interrupted", e);
        }
    }
}
