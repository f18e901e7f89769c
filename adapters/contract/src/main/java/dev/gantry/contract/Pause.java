package dev.gantry.contract;

import java.time.Duration;
import java.util.concurrent.TimeUnit;

/** Lets time pass where there is nothing to wait for: the backend must do nothing meanwhile. */
final class Pause {
    private Pause() {}

    static void of(Duration duration) {
        try {
            TimeUnit.NANOSECONDS.sleep(duration.toNanos());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError("interrupted", e);
        }
    }
}
