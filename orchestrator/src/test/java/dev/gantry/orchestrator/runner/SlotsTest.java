package dev.gantry.orchestrator.runner;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gantry.orchestrator.id.ExecutionId;
import dev.gantry.orchestrator.runner.Runners.Slot;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class SlotsTest {
    private final Slots slots = new Slots(2, Runnable::run);
    private int last;

    /** By a step of its own. */
    private CompletableFuture<Slot> take() {
        return slots.take(holder(++last));
    }

    private static Runners.Holder holder(int step) {
        return new Runners.Holder(new ExecutionId(new UUID(0, 0)), step);
    }

    @Test
    void givesAsManyAsThereAre() {
        assertThat(take()).isCompleted();
        assertThat(take()).isCompleted();
        assertThat(take()).isNotDone();

        assertThat(slots.inFlight()).isEqualTo(2);
        assertThat(slots.queued()).isEqualTo(1);
    }

    @Test
    void passesFreePlacesOnInTheOrderOfTheRequests() {
        List<Slot> held = List.of(take().join(), take().join());
        List<Integer> order = new ArrayList<>();
        List<Slot> given = new ArrayList<>();
        for (int i = 0; i < 5; i++) {
            int number = i;
            var _ =
                    take().thenAccept(slot -> {
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
        Slot slot = take().join();
        take().join();

        slot.close();
        slot.close();

        assertThat(slots.inFlight()).isEqualTo(1);
    }

    @Test
    void skipsWhoGaveUp() {
        Slot held = take().join();
        take().join();
        CompletableFuture<Slot> impatient = take();
        CompletableFuture<Slot> patient = take();

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
                    one.take(holder(i))
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

    @Test
    void countsAStepOnceHoweverOftenItHoldsSomething() {
        Slot first = slots.take(holder(7)).join();
        Slot again = slots.hold(holder(7));
        assertThat(slots.inFlight()).isEqualTo(1);
        assertThat(slots.take(holder(7))).as("it has a place").isCompleted();

        first.close();
        assertThat(slots.inFlight()).isEqualTo(1);
        again.close();
        assertThat(slots.inFlight()).as("the one that was taken").isEqualTo(1);
    }

    @Test
    void countsWhatIsThereBeyondThePlaces() {
        List<Slot> there = List.of(hold(1), hold(2), hold(3));
        CompletableFuture<Slot> waiting = slots.take(holder(4));
        assertThat(slots.inFlight()).isEqualTo(3);

        there.get(0).close();
        assertThat(waiting).as("there is still one too many").isNotDone();
        there.get(1).close();
        assertThat(waiting).isCompleted();
    }

    @Test
    void letsGoOnWhoWaitsAndIsFoundToBeThere() {
        CompletableFuture<Slot> first = take();
        CompletableFuture<Slot> second = take();
        CompletableFuture<Slot> found = slots.take(holder(40));
        CompletableFuture<Slot> other = slots.take(holder(41));

        slots.hold(holder(40));

        assertThat(found).isCompleted();
        assertThat(other).isNotDone();
        first.join().close();
        assertThat(other).as("three are there, two may be").isNotDone();
        second.join().close();
        assertThat(other).isCompleted();
    }

    private Slot hold(int step) {
        return slots.hold(holder(step));
    }
}
