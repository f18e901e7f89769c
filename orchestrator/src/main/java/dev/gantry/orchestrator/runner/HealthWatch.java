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
 * Asks every adapter for its health every few seconds, and every second while it is disconnected,
 * and keeps the last answers. One that does not answer in time counts as disconnected, and is not
 * asked again before it has answered.
 */
final class HealthWatch implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(HealthWatch.class);
    private static final Duration WHILE_AWAY = Duration.ofSeconds(1);

    private final Map<String, Watched> watched = new LinkedHashMap<>();
    private final Clock clock;
    private final Duration interval;
    private final Duration limit;
    private final CountDownLatch firstAnswers;
    private @Nullable Thread thread;

    /**
     * @param since it is so
     */
    record Checked(Health health, Instant at, Instant since) {}

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
                watched.values().forEach(Watched::askIfDue);
                Thread.sleep(interval.compareTo(WHILE_AWAY) < 0 ? interval : WHILE_AWAY);
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

    @Nullable Instant awaySince(String kind) {
        Checked last = last(kind);
        return last.health().isConnected() ? null : last.since();
    }

    /** Asks it now. */
    void doubt(String kind) {
        Watched one = watched.get(kind);
        if (one != null) {
            one.ask();
        }
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
                new Checked(Health.disconnected("not asked yet"), clock.instant(), clock.instant());
        private long askedAt = System.nanoTime() - interval.toNanos();
        private boolean asking;
        private boolean answered;

        Watched(String kind, RunnerAdapter adapter) {
            this.kind = kind;
            this.adapter = adapter;
        }

        void askIfDue() {
            boolean isDue;
            synchronized (this) {
                isDue = System.nanoTime() - askedAt >= interval.toNanos();
            }
            if (isDue || !checked.health().isConnected()) {
                ask();
            }
        }

        void ask() {
            synchronized (this) {
                if (asking) {
                    return;
                }
                asking = true;
                askedAt = System.nanoTime();
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
            Instant now = clock.instant();
            boolean isSame = answered && health.isConnected() == before;
            checked = new Checked(health, now, isSame ? checked.since() : now);
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
