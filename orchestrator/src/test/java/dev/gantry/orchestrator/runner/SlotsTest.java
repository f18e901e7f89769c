package dev.gantry.orchestrator.runner;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gantry.orchestrator.runner.Runners.Slot;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class SlotsTest {
    private final Slots slots = new Slots(2, Runnable::run);

    @Test
    void givesAsManyAsThereAre() {
        assertThat(slots.take()).isCompleted();
        assertThat(slots.take()).isCompleted();
        assertThat(slots.take()).isNotDone();

        assertThat(slots.inFlight()).isEqualTo(2);
        assertThat(slots.queued()).isEqualTo(1);
    }

    @Test
    void passesFreePlacesOnInTheOrderOfTheRequests() {
        List<Slot> held = List.of(slots.take().join(), slots.take().join());
        List<Integer> order = new ArrayList<>();
        List<Slot> given = new ArrayList<>();
        for (int i = 0; i < 5; i++) {
            int number = i;
            var _ =
                    slots.take()
                            .thenAccept(slot -> {
                                order.add(number);
                                given.add(slot);
                            });
        }

        held.forEach(Slot::close);
        while (order.size() < 5) {
            given.removeFirst().close();
        }

        assertThat(order).containsExactly(0, 1, 2, 3, 4);
        assertThat(slots.inFlight()).isEqualTo(2);
        assertThat(slots.queued()).isZero();
    }

    @Test
    void freesAPlaceOnlyOnce() {
        Slot slot = slots.take().join();
        slots.take().join();

        slot.close();
        slot.close();

        assertThat(slots.inFlight()).isEqualTo(1);
    }

    @Test
    void skipsWhoGaveUp() {
        Slot held = slots.take().join();
        slots.take().join();
        CompletableFuture<Slot> impatient = slots.take();
        CompletableFuture<Slot> patient = slots.take();

        impatient.cancel(false);
        assertThat(slots.queued()).isEqualTo(1);
        held.close();

        assertThat(patient).isCompleted();
        assertThat(slots.inFlight()).isEqualTo(2);
    }

    @Test
    void isNotHeldUpByWorkThatRunsWhenAPlaceIsGiven() throws InterruptedException {
        Slots one = new Slots(1, task -> Thread.ofVirtual().start(task));
        AtomicInteger runs = new AtomicInteger();
        AtomicInteger most = new AtomicInteger();
        int steps = 20_000;
        CountDownLatch done = new CountDownLatch(steps);

        for (int i = 0; i < steps; i++) {
            var _ =
                    one.take()
                            .thenAccept(slot -> {
                                most.accumulateAndGet(runs.incrementAndGet(), Math::max);
                                runs.decrementAndGet();
                                slot.close();
                                done.countDown();
                            });
        }

        assertThat(done.await(20, TimeUnit.SECONDS)).isTrue();
        assertThat(most).hasValue(1);
        org.awaitility.Awaitility.await()
                .atMost(Duration.ofSeconds(5))
                .until(() -> one.inFlight() == 0);
    }
}
