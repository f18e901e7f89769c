package dev.gantry.adapter.localmock;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import dev.gantry.spi.Attempt;
import dev.gantry.spi.Collector;
import dev.gantry.spi.Handle;
import dev.gantry.spi.Outcome;
import dev.gantry.spi.RunnerException;
import java.io.InputStream;
import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

/** The engine is measured on the mock, so the mock must cost next to nothing. */
class DefaultPathTest {
    private static final int STEPS = 200_000;
    private static final Collector NOTHING = new Nothing();

    private final ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();

    @Test
    void allocatesLittleAndTakesNoTime() throws RunnerException {
        LocalMock mock = LocalMock.builder().build();

        measure(mock);
    }

    @Test
    void allocatesLittleWithRules() throws RunnerException {
        MockScript script =
                MockScript.builder()
                        .rule(rule -> rule.function("shipping/*").latency(Duration.ofDays(1)))
                        .rule(rule -> rule.task("/do/*/refund").error("FUNCTION_ERROR", "no"))
                        .rule(rule -> rule.function("billing/charge").attempt(1).result("ok"))
                        .build();

        measure(LocalMock.builder().script(script).build());
    }

    private void measure(LocalMock mock) throws RunnerException {
        Attempt attempt = Attempts.CHARGE.build();
        lives(mock, attempt, STEPS);
        int threadsBefore = threads.getThreadCount();
        long bytesBefore = threads.getThreadAllocatedBytes(Thread.currentThread().threadId());
        long before = System.nanoTime();

        lives(mock, attempt, STEPS);

        long nanos = (System.nanoTime() - before) / STEPS;
        long bytes =
                threads.getThreadAllocatedBytes(Thread.currentThread().threadId()) - bytesBefore;
        assertThat(bytes / STEPS).as("bytes for a whole step").isLessThan(500);
        // Ten times what it takes on a small machine: this is to notice a timer or a thread.
        assertThat(nanos).as("ns for a whole step").isLessThan(10_000);
        assertThat(threads.getThreadCount()).isLessThanOrEqualTo(threadsBefore);
    }

    private static void lives(LocalMock mock, Attempt attempt, int steps) throws RunnerException {
        for (int i = 0; i < steps; i++) {
            Handle handle = mock.provision(attempt);
            CompletableFuture<Outcome> outcome = mock.run(handle, attempt, NOTHING);
            if (!outcome.isDone()) {
                throw new AssertionError("not at once");
            }
            mock.collect(handle, attempt, NOTHING);
            mock.teardown(handle);
        }
    }

    private static final class Nothing implements Collector {
        @Override
        public void write(Stream stream, long offset, byte[] bytes) {}

        @Override
        public long position(Stream stream) {
            return 0;
        }

        @Override
        public boolean wants(String path, long sizeBytes) {
            return false;
        }

        @Override
        public void artifact(String path, long sizeBytes, InputStream content) {}
    }
}
