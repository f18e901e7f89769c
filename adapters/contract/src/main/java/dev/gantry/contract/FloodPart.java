package dev.gantry.contract;

import static dev.gantry.spi.Capability.LOG_STREAMING;
import static org.assertj.core.api.Assertions.assertThat;

import dev.gantry.contract.Behaviour.Print;
import dev.gantry.spi.Attempt;
import dev.gantry.spi.Outcome.Succeeded;
import dev.gantry.spi.RunnerException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** A flood of logs costs time, and neither bytes nor heap. */
interface FloodPart extends Benched {
    long FLOOD_BYTES = 64L << 20;
    long SLACK_BYTES = 24L << 20;

    @Test
    default void losesNothingOfAFlood() throws RunnerException {
        Attempt attempt = bench().attempts.of(new Print(FLOOD_BYTES, 1_000_000));
        LogStore logs = LogStore.ofPattern();

        Bench.Run run = bench().begin(bench().adapter(), attempt, logs.sink());
        assertThat(bench().await(run.outcome())).isInstanceOf(Succeeded.class);
        bench().adapter().collect(run.handle(), attempt, new RecordingCollector(logs));

        logs.assertComplete(FLOOD_BYTES, 1_000_000);
    }

    @Test
    default void holdsBackAFloodWhileTheSinkIsBusy() throws Exception {
        bench().assumeClaimed(LOG_STREAMING);
        Attempt attempt = bench().attempts.of(new Print(FLOOD_BYTES, 0));
        LogStore logs = LogStore.ofPattern();
        RecordingSink sink = logs.sink().blockingAt(1 << 20);
        long before = Heap.usedBytes();

        Bench.Run run = bench().begin(bench().adapter(), attempt, sink);
        awaitBlocked(sink.blocked());
        assertHeapStaysNear(before);
        sink.release();

        assertThat(bench().await(run.outcome())).isInstanceOf(Succeeded.class);
        bench().adapter().collect(run.handle(), attempt, new RecordingCollector(logs));
        logs.assertComplete(FLOOD_BYTES, 0);
    }

    @Test
    default void holdsBackAFloodWhileTheCollectorIsBusy() throws Exception {
        Attempt attempt = bench().attempts.of(new Print(FLOOD_BYTES, 0));
        RecordingSink dead = LogStore.ofPattern().sink();
        dead.cut();
        Bench.Run run = bench().begin(bench().adapter(), attempt, dead);
        bench().await(run.outcome());
        LogStore logs = LogStore.ofPattern();
        RecordingCollector collector = new RecordingCollector(logs);
        collector.blockingAt(1 << 20);
        long before = Heap.usedBytes();

        CompletableFuture<Void> collected = new CompletableFuture<>();
        Thread.startVirtualThread(() -> {
            try {
                bench().adapter().collect(run.handle(), attempt, collector);
                collected.complete(null);
            } catch (RunnerException | RuntimeException e) {
                collected.completeExceptionally(e);
            }
        });
        awaitBlocked(collector.blocked());
        assertHeapStaysNear(before);
        collector.release();

        bench().await(collected);
        logs.assertComplete(FLOOD_BYTES, 0);
    }

    private void awaitBlocked(CountDownLatch blocked) throws InterruptedException {
        long patience = bench().fixture.patience().toMillis();
        assertThat(blocked.await(patience, TimeUnit.MILLISECONDS))
                .as("the flood reaches the sink")
                .isTrue();
    }

    /** Looks for as long as an adapter with a queue needs to take the flood in. */
    private void assertHeapStaysNear(long before) {
        for (int i = 0; i < 4; i++) {
            Pause.of(bench().fixture.moment().dividedBy(2));
            assertThat(Heap.usedBytes() - before)
                    .as("bytes held while the sink takes nothing of %d", FLOOD_BYTES)
                    .isLessThan(SLACK_BYTES);
        }
    }
}
