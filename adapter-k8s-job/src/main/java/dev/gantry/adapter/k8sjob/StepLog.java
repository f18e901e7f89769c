package dev.gantry.adapter.k8sjob;

import dev.gantry.process.Capture;
import dev.gantry.spi.LogSink.Stream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/** Follows the log of a step's pod beside its observer, to the last byte. */
final class StepLog implements AutoCloseable {
    private static final Duration PAUSE = Duration.ofMillis(200);
    private static final int BROKEN = 10;
    private static final byte[] GAP =
            "[gantry: lines may be missing here: the node threw them away before they were read]\n"
                    .getBytes(StandardCharsets.US_ASCII);

    private final PodLog log;
    private final StepOutput output;
    private final Executor threads;
    private final CompletableFuture<StepOutput> end = new CompletableFuture<>();
    private final AtomicLong reading = new AtomicLong();
    private volatile boolean containerHasEnded;
    private volatile boolean gap;
    private int broken;

    StepLog(
            LogSource source,
            String mark,
            Capture capture,
            StepOutput.Files files,
            Runnable lostStart,
            Executor threads) {
        this.threads = threads;
        this.log =
                new PodLog(
                        source,
                        new PodLog.Progress() {
                            @Override
                            public boolean hasEnded(@Nullable IOException failure)
                                    throws IOException {
                                return afterConnection(failure);
                            }

                            @Override
                            public void gap() {
                                gap = true;
                                capture.take(Stream.STDOUT, capture.total(Stream.STDOUT), GAP);
                            }
                        });
        this.output = new StepOutput(new Timed(log), mark, capture, files, lostStart);
    }

    /** Knows since when nothing has come from the API server; a sink that is slow is no silence. */
    private final class Timed extends InputStream {
        private final InputStream in;

        Timed(InputStream in) {
            this.in = in;
        }

        @Override
        public int read() throws IOException {
            throw new IOException("pieces are read, not bytes");
        }

        @Override
        public int read(byte[] into, int offset, int length) throws IOException {
            reading.set(System.nanoTime());
            int count = in.read(into, offset, length);
            reading.set(0);
            return count;
        }
    }

    StepLog follow() {
        threads.execute(() -> {
            try {
                end.complete(read());
            } catch (IOException | RuntimeException e) {
                end.completeExceptionally(e);
            }
        });
        return this;
    }

    /** On the caller's thread. */
    StepOutput read() throws IOException {
        try {
            output.read();
            return output;
        } finally {
            log.close();
        }
    }

    private boolean afterConnection(@Nullable IOException failure) throws IOException {
        broken = failure == null ? 0 : broken + 1;
        if (failure != null && containerHasEnded && broken > BROKEN) {
            throw failure;
        }
        if (!containerHasEnded || failure != null) {
            try {
                Thread.sleep(PAUSE);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new IOException("interrupted", e);
            }
        }
        return containerHasEnded;
    }

    /** What is read from now on is all that there is. */
    StepLog containerHasEnded() {
        containerHasEnded = true;
        return this;
    }

    /** For how long the API server has sent nothing that was waited for. */
    Duration silence() {
        long since = reading.get();
        return since == 0 ? Duration.ZERO : Duration.ofNanos(System.nanoTime() - since);
    }

    /** The connection may be dead; the new one has its own time. */
    void reconnect() {
        reading.updateAndGet(since -> since == 0 ? 0 : System.nanoTime());
        log.disconnect();
    }

    /** Null if it takes longer. */
    @Nullable StepOutput await(Duration atMost) throws IOException, InterruptedException {
        try {
            return end.get(atMost.toMillis(), TimeUnit.MILLISECONDS);
        } catch (TimeoutException e) {
            return null;
        } catch (ExecutionException e) {
            throw e.getCause() instanceof IOException broke ? broke : new IOException(e.getCause());
        }
    }

    /** Whether the node threw lines away that nobody had read, as far as that is seen. */
    boolean hasGap() {
        return gap;
    }

    @Override
    public void close() {
        log.close();
    }
}
