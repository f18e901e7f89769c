package dev.gantry.contract;

import dev.gantry.spi.ArtifactException;
import dev.gantry.spi.Attempt;
import dev.gantry.spi.Capability;
import dev.gantry.spi.Collector;
import dev.gantry.spi.Failure.Code;
import dev.gantry.spi.Failure.Progress;
import dev.gantry.spi.Handle;
import dev.gantry.spi.LogSink;
import dev.gantry.spi.LogSink.Stream;
import dev.gantry.spi.Outcome;
import dev.gantry.spi.Outcome.Cancelled;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/** Breaks what is promised about logs and files: one {@link Defect} at a time. */
class FaultyLogs extends FaultyProvisioning {
    private final byte[] buffer = new byte[16 * 1024];
    private final Set<Handle> collected = ConcurrentHashMap.newKeySet();

    FaultyLogs(
            Defect defect,
            MemoryBackend backend,
            String installation,
            Set<Capability> claims,
            @Nullable Fault fault) {
        super(defect, backend, installation, claims, fault);
    }

    @Override
    public CompletableFuture<Outcome> reattach(Handle handle, Attempt attempt, LogSink logs) {
        return switch (defect) {
            case REPEATS_LOGS_AT_REATTACH -> super.reattach(handle, attempt, new Shifted(logs));
            case LOSES_THE_LOGS_OF_AN_UNSEEN_END -> super.reattach(handle, attempt, new Deaf());
            case SKIPS_LOGS_AT_REATTACH -> super.reattach(handle, attempt, new Skipping(logs));
            default -> super.reattach(handle, attempt, logs);
        };
    }

    @Override
    void stream(Box box, LogSink logs) {
        if (!is(Defect.STREAMS_ONLY_AT_THE_END) || box.state() == Box.State.ENDED) {
            super.stream(box, logs);
        }
    }

    @Override
    void pump(Box box, LogSink logs) {
        boolean cancelled = box.end.getNow(null) instanceof Cancelled;
        switch (defect) {
            case QUEUES_LOGS_WITHOUT_A_LIMIT -> {
                Queue queue = new Queue(logs);
                super.pump(box, queue);
                queue.flush();
            }
            case LOSES_THE_LOGS_OF_WHAT_WAS_CANCELLED -> {
                // Nothing comes while it runs either, so that nothing is saved by streaming.
                if (box.state() == Box.State.ENDED && !cancelled) {
                    super.pump(box, logs);
                }
            }
            default -> super.pump(box, logs);
        }
    }

    @Override
    int chunkBytes() {
        return is(Defect.WRITES_TOO_MUCH_AT_ONCE) ? 100_000 : super.chunkBytes();
    }

    @Override
    byte[] content(Box box, Stream stream, long offset, int count) {
        byte[] bytes = super.content(box, stream, offset, count);
        if (is(Defect.DROPS_THE_LINE_BREAK_OF_A_LONG_LINE)) {
            for (int i = 0; i < bytes.length; i++) {
                bytes[i] = bytes[i] == '\n' ? (byte) 'x' : bytes[i];
            }
        }
        return bytes;
    }

    @Override
    long printed(Box box, Stream stream) {
        long printed = super.printed(box, stream);
        return switch (defect) {
            case DROPS_THE_LOG_TAIL -> printed - printed % 4_096;
            case SWAPS_THE_STREAMS ->
                    super.printed(box, stream == Stream.STDOUT ? Stream.STDERR : Stream.STDOUT);
            case STOPS_AT_THE_LOG_LIMIT_TOO_EARLY ->
                    Math.min(printed, box.attempt.limits().maxLogBytes() / 2);
            default -> printed;
        };
    }

    @Override
    void deliver(LogSink logs, Stream stream, long offset, byte[] bytes) {
        if (is(Defect.REUSES_ITS_BUFFER) && bytes.length == buffer.length) {
            System.arraycopy(bytes, 0, buffer, 0, bytes.length);
            super.deliver(logs, stream, offset, buffer);
        } else {
            super.deliver(logs, stream, offset, bytes);
        }
    }

    @Override
    public void collect(Handle handle, Attempt attempt, Collector collector)
            throws ArtifactException {
        if (is(Defect.COLLECTS_ONLY_ONCE) && !collected.add(handle)) {
            throw new ArtifactException(failure(Code.LOST, Progress.ENDED));
        }
        boolean unseen = collector.position(Stream.STDOUT) == 0;
        if (!is(Defect.LOSES_THE_LOGS_OF_AN_UNSEEN_END) || !unseen) {
            super.collect(handle, attempt, collector);
        }
    }

    @Override
    void sendFiles(Box box, Collector collector) throws IOException {
        switch (defect) {
            case SENDS_NO_FILES -> {}
            case SENDS_FILES_OF_ITS_OWN -> collector.artifact("core", 10, content(10));
            case SENDS_WHAT_IS_NOT_WANTED, SENDS_FILES_WITHOUT_THE_CLAIM -> {
                for (Map.Entry<String, Long> file : box.files.entrySet()) {
                    collector.artifact(file.getKey(), file.getValue(), content(file.getValue()));
                }
            }
            case HIDES_AN_INTERRUPTION -> {
                try {
                    super.sendFiles(box, collector);
                } catch (IOException e) {
                    return;
                }
            }
            default -> super.sendFiles(box, collector);
        }
    }

    @Override
    InputStream content(long bytes) {
        return super.content(is(Defect.CUTS_FILES_SHORT) ? Math.max(0, bytes - 1) : bytes);
    }

    /** Counts offsets from the re-attachment instead of the workload's start. */
    private static class Shifted implements LogSink {
        private final LogSink sink;
        private final long shift;
        private long position;

        Shifted(LogSink sink) {
            this.sink = sink;
            this.shift = sink.position(Stream.STDOUT);
        }

        @Override
        public void write(Stream stream, long offset, byte[] bytes) {
            position = offset + bytes.length;
            sink.write(stream, shift + offset, bytes);
        }

        @Override
        public long position(Stream stream) {
            return stream == Stream.STDOUT ? position : 0;
        }
    }

    private record Skipping(LogSink sink) implements LogSink {
        @Override
        public void write(Stream stream, long offset, byte[] bytes) {
            sink.write(stream, offset, bytes);
        }

        @Override
        public long position(Stream stream) {
            return sink.position(stream) + LogPattern.LINE_BYTES;
        }
    }

    private record Deaf() implements LogSink {
        @Override
        public void write(Stream stream, long offset, byte[] bytes) {}

        @Override
        public long position(Stream stream) {
            return Long.MAX_VALUE;
        }
    }

    private static final class Queue implements LogSink {
        private final LogSink sink;
        private final List<Runnable> writes = new ArrayList<>();

        Queue(LogSink sink) {
            this.sink = sink;
        }

        @Override
        public void write(Stream stream, long offset, byte[] bytes) {
            writes.add(() -> sink.write(stream, offset, bytes));
        }

        @Override
        public long position(Stream stream) {
            return sink.position(stream);
        }

        void flush() {
            writes.forEach(Runnable::run);
        }
    }
}
