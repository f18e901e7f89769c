package dev.gantry.contract;

import dev.gantry.spi.Attempt;
import dev.gantry.spi.LogSink.Stream;
import dev.gantry.spi.Outcome;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/** One resource on the {@link MemoryBackend}: what a container is on Docker. */
final class Box {
    enum State {
        CREATED,
        RUNNING,
        ENDED
    }

    final Attempt attempt;
    final Map<String, String> labels;
    final Instant createdAt = Instant.now();
    final CompletableFuture<Outcome> end = new CompletableFuture<>();
    final Map<String, Long> files = new ConcurrentHashMap<>();
    private final AtomicReference<State> state = new AtomicReference<>(State.CREATED);
    private final CountDownLatch stopRequest = new CountDownLatch(1);
    private final CountDownLatch kill = new CountDownLatch(1);
    private final AtomicLong stdoutBytes = new AtomicLong();
    private volatile byte @Nullable [] text;
    private final AtomicLong stderrBytes = new AtomicLong();

    Box(Attempt attempt, Map<String, String> labels) {
        this.attempt = attempt;
        this.labels = labels;
    }

    State state() {
        return state.get();
    }

    boolean begin() {
        return state.compareAndSet(State.CREATED, State.RUNNING);
    }

    /** The first ending stays. */
    void end(Outcome outcome) {
        if (state.getAndSet(State.ENDED) != State.ENDED) {
            end.complete(outcome);
        }
    }

    /** Other bytes than the pattern, to standard output. */
    void print(byte[] bytes) {
        text = bytes;
        print(Stream.STDOUT, bytes.length);
    }

    byte[] content(Stream stream, long offset, int count) {
        byte[] own = text;
        return own == null
                ? LogPattern.bytes(stream, offset, count)
                : Arrays.copyOfRange(own, (int) offset, (int) offset + count);
    }

    void print(Stream stream, long bytes) {
        counter(stream).addAndGet(bytes);
    }

    long printed(Stream stream) {
        return counter(stream).get();
    }

    private AtomicLong counter(Stream stream) {
        return stream == Stream.STDOUT ? stdoutBytes : stderrBytes;
    }

    void requestStop() {
        stopRequest.countDown();
    }

    void kill() {
        stopRequest.countDown();
        kill.countDown();
    }

    /** False if the workload was stopped before the time was over. */
    boolean sleep(Duration duration, boolean ignoringRequests) throws InterruptedException {
        CountDownLatch stop = ignoringRequests ? kill : stopRequest;
        return !stop.await(duration.toNanos(), TimeUnit.NANOSECONDS);
    }
}
