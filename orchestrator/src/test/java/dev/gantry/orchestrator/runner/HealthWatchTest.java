package dev.gantry.orchestrator.runner;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.gantry.spi.Health;
import java.time.Clock;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class HealthWatchTest {
    private static final Duration SOON = Duration.ofMillis(20);
    private static final Duration PATIENCE = Duration.ofSeconds(5);

    private final FakeAdapter fake = new FakeAdapter();
    private final FakeAdapter other = new FakeAdapter();

    private HealthWatch watch(Duration limit) {
        return new HealthWatch(
                Map.of("fake", fake, "other", other), Clock.systemUTC(), SOON, limit);
    }

    @Test
    void knowsTheHealthOnceItHasStarted() {
        fake.health = () -> Health.disconnected("no daemon");
        try (HealthWatch watch = watch(PATIENCE)) {
            assertThat(watch.isConnected("other")).isFalse();

            watch.start(PATIENCE);

            assertThat(watch.last("fake").health()).isEqualTo(Health.disconnected("no daemon"));
            assertThat(watch.isConnected("other")).isTrue();
        }
    }

    @Test
    void seesABackendGoAndComeBack() {
        Health[] now = {Health.connected("up")};
        fake.health = () -> now[0];
        try (HealthWatch watch = watch(PATIENCE)) {
            watch.start(PATIENCE);
            now[0] = Health.disconnected("down");
            await().until(() -> !watch.isConnected("fake"));
            now[0] = Health.connected("up again");
            await().until(() -> watch.isConnected("fake"));
        }
    }

    @Test
    void takesSilenceForDisconnectedAndAsksNoSecondTime() {
        CountDownLatch silence = new CountDownLatch(1);
        AtomicInteger asked = new AtomicInteger();
        fake.health =
                () -> {
                    asked.incrementAndGet();
                    awaitQuietly(silence);
                    return Health.connected("late");
                };
        try (HealthWatch watch = watch(Duration.ofMillis(100))) {
            watch.start(PATIENCE);

            assertThat(watch.last("fake").health().detail()).contains("no answer");
            assertThat(watch.isConnected("other")).isTrue();
            assertThat(asked).hasValue(1);
            silence.countDown();
            await().until(() -> watch.isConnected("fake"));
        }
    }

    @Test
    void doesNotWaitForTheFirstAnswersLongerThanItShould() {
        CountDownLatch silence = new CountDownLatch(1);
        fake.health =
                () -> {
                    awaitQuietly(silence);
                    return Health.connected("late");
                };
        try (HealthWatch watch = watch(PATIENCE)) {
            watch.start(SOON);

            assertThat(watch.last("fake").health().detail()).isEqualTo("not asked yet");
            silence.countDown();
        }
    }

    @Test
    void survivesAHealthCheckThatThrows() {
        fake.health =
                () -> {
                    throw new IllegalStateException("broken");
                };
        try (HealthWatch watch = watch(PATIENCE)) {
            watch.start(PATIENCE);

            assertThat(watch.isConnected("fake")).isFalse();
        }
    }

    @Test
    void refusesToSpeakOfWhatItDoesNotKnow() {
        try (HealthWatch watch = watch(PATIENCE)) {
            assertThatThrownBy(() -> watch.last("gone")).isInstanceOf(IllegalStateException.class);
        }
    }

    private static void awaitQuietly(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
