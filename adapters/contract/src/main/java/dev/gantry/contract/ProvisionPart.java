package dev.gantry.contract;

import static dev.gantry.spi.Capability.CANCEL;
import static dev.gantry.spi.Capability.PROVISIONS_RESOURCES;
import static org.assertj.core.api.Assertions.assertThat;

import dev.gantry.contract.Behaviour.Echo;
import dev.gantry.contract.Behaviour.IgnoreStop;
import dev.gantry.spi.Attempt;
import dev.gantry.spi.Failure.Progress;
import dev.gantry.spi.Handle;
import dev.gantry.spi.Outcome.Succeeded;
import dev.gantry.spi.OwnedResource;
import dev.gantry.spi.ProvisionException;
import dev.gantry.spi.RunnerAdapter;
import dev.gantry.spi.RunnerException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;

/** One step has one resource on the backend, however often it is asked for and by whom. */
interface ProvisionPart extends Benched {

    @Test
    default void doesNotBeginTheWorkloadWhenItProvisions() throws RunnerException {
        Attempt attempt = bench().attempts.of(new Echo());

        bench().provision(bench().adapter(), attempt);

        Pause.of(bench().fixture.moment());
        assertThat(bench().fixture.runs(attempt)).as("runs").isZero();
    }

    @Test
    default void adoptsWhatALostReplyLeftBehind() throws RunnerException {
        Attempt attempt = bench().attempts.of(new Echo());
        bench().provision(bench().adapter(), attempt);
        RunnerAdapter other = bench().peer();

        Handle handle = bench().provision(other, attempt);
        var outcome = bench().await(other.run(handle, attempt, new LogStore().sink()));

        assertThat(outcome).isInstanceOf(Succeeded.class);
        assertOneResource(attempt);
        assertThat(bench().fixture.runs(attempt)).as("runs").isEqualTo(1);
    }

    @Test
    default void observesWhatRunsAlreadyInsteadOfBeginningItAgain() throws Exception {
        bench().assumeClaimed(PROVISIONS_RESOURCES);
        Behaviour work = new Behaviour.Sleep(bench().fixture.moment().multipliedBy(2));
        Attempt attempt = bench().attempts.of(work);
        bench().beginAndSee(attempt);
        RunnerAdapter other = bench().another();

        Handle handle = bench().provision(other, attempt);
        var outcome = bench().await(other.run(handle, attempt, new LogStore().sink()));

        assertThat(outcome).isInstanceOf(Succeeded.class);
        assertOneResource(attempt);
        assertThat(bench().fixture.runs(attempt)).as("runs").isEqualTo(1);
    }

    @Test
    default void adoptsWhatHasEndedWithoutRunningItAgain() throws RunnerException {
        bench().assumeClaimed(PROVISIONS_RESOURCES);
        Attempt attempt = bench().attempts.of(new Echo());
        bench().outcomeOf(attempt);
        RunnerAdapter other = bench().another();

        Handle handle = bench().provision(other, attempt);
        var outcome = bench().await(other.run(handle, attempt, new LogStore().sink()));

        assertThat(outcome).isInstanceOf(Succeeded.class);
        assertThat(bench().fixture.runs(attempt)).as("runs").isEqualTo(1);
    }

    @Test
    default void createsOneResourceWhenAskedByManyAtOnce() throws Exception {
        Attempt attempt = bench().attempts.of(new Echo());
        RunnerAdapter other = bench().peer();
        CountDownLatch start = new CountDownLatch(1);
        List<Future<Handle>> handles = new ArrayList<>();
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            for (int i = 0; i < 8; i++) {
                RunnerAdapter adapter = i % 2 == 0 ? bench().adapter() : other;
                Callable<Handle> provision =
                        () -> {
                            start.await();
                            return bench().provision(adapter, attempt);
                        };
                handles.add(threads.submit(provision));
            }
            start.countDown();
        }

        for (Future<Handle> handle : handles) {
            assertThat(bench().await(handle).externalName()).isEqualTo(attempt.externalName());
        }
        assertOneResource(attempt);
        Handle any = bench().await(handles.getLast());
        bench().await(other.run(any, attempt, new LogStore().sink()));
        assertThat(bench().fixture.runs(attempt)).as("runs").isEqualTo(1);
    }

    @Test
    default void leavesOneResourceWhenKilledWhileProvisioning() throws Exception {
        Duration whole = timeToProvision();
        for (int percent : new int[] {0, 10, 30, 50, 70, 90}) {
            Attempt attempt = bench().attempts.of(new Echo());
            interruptWhileProvisioning(attempt, whole.multipliedBy(percent).dividedBy(100));
            RunnerAdapter restarted = bench().peer();

            Handle handle = bench().provision(restarted, attempt);
            var outcome = bench().await(restarted.run(handle, attempt, new LogStore().sink()));

            assertThat(outcome).isInstanceOf(Succeeded.class);
            assertOneResource(attempt);
            assertThat(bench().fixture.runs(attempt)).as("runs").isEqualTo(1);
        }
    }

    private Duration timeToProvision() throws RunnerException {
        long before = System.nanoTime();
        bench().provision(bench().adapter(), bench().attempts.of(new Echo()));
        return Duration.ofNanos(System.nanoTime() - before);
    }

    private void interruptWhileProvisioning(Attempt attempt, Duration after) throws Exception {
        List<ProvisionException> failures = new ArrayList<>();
        RunnerAdapter killed = bench().peer();
        Thread thread =
                Thread.startVirtualThread(() -> {
                    try {
                        killed.provision(attempt);
                    } catch (ProvisionException e) {
                        failures.add(e);
                    }
                });
        Pause.of(after);
        thread.interrupt();
        assertThat(thread.join(bench().fixture.patience()))
                .as("interrupted provision ends")
                .isTrue();
        for (ProvisionException failure : failures) {
            Failures.assertSound(failure.failure(), bench().fixture);
            assertThat(failure.failure().progress()).isEqualTo(Progress.NEVER_STARTED);
        }
    }

    @Test
    default void endsAnEarlierAttemptBeforeTheNextExists() throws Exception {
        bench().assumeClaimed(CANCEL);
        Attempt earlier = bench().attempts.of(new IgnoreStop(bench().attempts.longTime()));
        Bench.Run run = bench().beginAndSee(earlier);
        Attempt next =
                Attempts.withWorkload(
                        Attempts.next(earlier), bench().attempts.of(new Echo()).workload());
        RunnerAdapter other = bench().peer();
        AtomicBoolean both = new AtomicBoolean();
        try (Watch _ = Watch.during(() -> both.compareAndSet(false, bothExist(earlier, next)))) {
            Handle handle = bench().provision(other, next);
            boolean earlierAlive = bench().fixture.alive(earlier);

            assertThat(earlierAlive).as("attempt 1 alive when attempt 2 is provisioned").isFalse();
            var outcome = bench().await(other.run(handle, next, new LogStore().sink()));
            assertThat(outcome).isInstanceOf(Succeeded.class);
        }
        assertThat(both).as("both attempts were seen at the same time").isFalse();
        bench().forget(run.handle());
        bench().until("the outcome of attempt 1", run.outcome()::isDone);
        assertOneResource(next);
    }

    // Asked in this order: once attempt 2 is there, attempt 1 must be dead for good.
    private boolean bothExist(Attempt earlier, Attempt next) throws RunnerException {
        String attempt = Integer.toString(next.context().attempt());
        boolean nextExists =
                bench().ownedFor(next).stream()
                        .anyMatch(it -> attempt.equals(it.labels().get(Bench.label("attempt"))));
        return nextExists && bench().fixture.alive(earlier);
    }

    private void assertOneResource(Attempt attempt) throws RunnerException {
        List<OwnedResource> resources = bench().ownedFor(attempt);
        if (!bench().claims(PROVISIONS_RESOURCES)) {
            assertThat(resources).as("resources without %s", PROVISIONS_RESOURCES).isEmpty();
            return;
        }
        assertThat(resources).as("resources of the step").hasSize(1);
        assertThat(resources.getFirst().labels())
                .containsEntry(
                        Bench.label("attempt"), Integer.toString(attempt.context().attempt()));
    }
}
