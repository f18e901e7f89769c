package dev.gantry.orchestrator.execution;

import dev.gantry.orchestrator.engine.ExecutionIndex;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Removes idempotency keys that have ended, a bounded number at a time. */
final class IdempotencyKeys implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(IdempotencyKeys.class);
    private static final Duration BETWEEN = Duration.ofMinutes(10);
    private static final int AT_ONCE = 1_000;

    private final ExecutionProperties properties;
    private final Clock clock;
    private final ExecutionIndex index;
    private final Thread thread;

    IdempotencyKeys(ExecutionProperties properties, Clock clock, ExecutionIndex index) {
        this.properties = properties;
        this.clock = clock;
        this.index = index;
        this.thread = Thread.ofVirtual().name("gantry-idempotency-keys").unstarted(this::run);
    }

    void start() {
        thread.start();
    }

    private void run() {
        try {
            while (true) {
                Thread.sleep(BETWEEN);
                purge();
            }
        } catch (InterruptedException _) {
            // Closed.
        }
    }

    void purge() {
        Instant before = clock.instant().minus(properties.idempotencyWindow());
        try {
            int all = 0;
            int removed = AT_ONCE;
            while (removed == AT_ONCE && !Thread.interrupted()) {
                removed = index.forgetClaims(before, AT_ONCE);
                all += removed;
            }
            if (all > 0) {
                log.info("removed {} idempotency keys from before {}", all, before);
            }
        } catch (RuntimeException e) {
            log.warn("idempotency keys were not removed, later again: {}", e.toString());
        }
    }

    @Override
    public void close() {
        thread.interrupt();
    }
}
