package dev.gantry.orchestrator.runner;

import dev.gantry.spi.Health;
import dev.gantry.spi.RunnerAdapter;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Asks every adapter for its health every few seconds and keeps the last answers. One that does not
 * answer in time counts as disconnected, and is not asked again before it has answered.
 */
final class HealthWatch implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(HealthWatch.class);

    private final Map<String, Watched> watched = new LinkedHashMap<>();
    private final Clock clock;
    private final Duration interval;
    private final Duration limit;
    private final CountDownLatch firstAnswers;
    private @Nullable Thread thread;

    record Checked(Health health, Instant at) {}

    HealthWatch(
            Map<String, ? extends RunnerAdapter> adapters,
            Clock clock,
            Duration interval,
            Duration limit) {
        this.clock = clock;
        this.interval = interval;
        this.limit = limit;
        this.firstAnswers = new CountDownLatch(adapters.size());
        adapters.forEach((kind, adapter) -> watched.put(kind, new Watched(kind, adapter)));
    }

    /** Begins to watch, and waits for the first answers as long as a start should. */
    void start(Duration patience) {
        thread = Thread.ofVirtual().name("gantry-health").start(this::watch);
        try {
            if (!firstAnswers.await(patience.toMillis(), TimeUnit.MILLISECONDS)) {
                log.info("not every adapter told its health within {}", patience);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void watch() {
        try {
            while (!Thread.currentThread().isInterrupted()) {
                watched.values().forEach(Watched::ask);
                Thread.sleep(interval);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /**
     * @throws IllegalStateException if there is no such adapter
     */
    Checked last(String kind) {
        Watched one = watched.get(kind);
        if (one == null) {
            throw new IllegalStateException("there is no adapter '%s'".formatted(kind));
        }
        return one.checked;
    }

    boolean isConnected(String kind) {
        return last(kind).health().isConnected();
    }

    @Override
    public void close() {
        if (thread != null) {
            thread.interrupt();
        }
    }

    private final class Watched {
        private final String kind;
        private final RunnerAdapter adapter;
        private volatile Checked checked =
                new Checked(Health.disconnected("not asked yet"), clock.instant());
        private boolean asking;
        private boolean answered;

        Watched(String kind, RunnerAdapter adapter) {
            this.kind = kind;
            this.adapter = adapter;
        }

        void ask() {
            synchronized (this) {
                if (asking) {
                    return;
                }
                asking = true;
            }
            CompletableFuture<Health> answer = new CompletableFuture<>();
            Thread.ofVirtual()
                    .name("gantry-health-" + kind)
                    .start(() -> {
                        answered(health());
                        answer.complete(checked.health());
                    });
            var _ =
                    answer.orTimeout(limit.toMillis(), TimeUnit.MILLISECONDS)
                            .whenComplete((health, late) -> {
                                if (late != null) {
                                    overdue();
                                }
                            });
        }

        private Health health() {
            try {
                return adapter.health();
            } catch (RuntimeException | LinkageError e) {
                return Health.disconnected("its health check failed with " + e);
            }
        }

        private synchronized void answered(Health health) {
            asking = false;
            take(health);
        }

        private synchronized void overdue() {
            if (asking) {
                take(Health.disconnected("no answer to the health check within " + limit));
            }
        }

        private void take(Health health) {
            boolean before = checked.health().isConnected();
            checked = new Checked(health, clock.instant());
            if (!health.isConnected() && (before || !answered)) {
                log.warn("adapter {} is disconnected: {}", kind, health.detail());
            } else if (health.isConnected() && !before) {
                log.info("adapter {} is connected: {}", kind, health.detail());
            }
            if (!answered) {
                answered = true;
                firstAnswers.countDown();
            }
        }
    }
}
