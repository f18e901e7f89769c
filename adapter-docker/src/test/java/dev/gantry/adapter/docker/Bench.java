package dev.gantry.adapter.docker;

import dev.gantry.spi.Attempt;
import dev.gantry.spi.Collector;
import dev.gantry.spi.Handle;
import dev.gantry.spi.LogSink.Stream;
import dev.gantry.spi.Outcome;
import dev.gantry.spi.RunnerAdapter;
import dev.gantry.spi.RunnerException;
import dev.gantry.spi.Workload;
import java.io.ByteArrayOutputStream;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.EnumMap;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.TimeUnit;

/** Runs single steps on the engine of this machine, and remembers what they printed. */
final class Bench implements AutoCloseable {
    final String installation = "test-" + UUID.randomUUID();
    final Engine engine = Engine.require();
    final RunnerAdapter adapter;

    Bench(Map<String, String> settings) {
        adapter = Engine.adapter(installation, settings);
    }

    /** What a step left behind. */
    record Left(Outcome outcome, Printed printed) {
        String output() {
            if (outcome instanceof Outcome.Succeeded succeeded) {
                return new String(succeeded.output(), StandardCharsets.UTF_8);
            }
            throw new AssertionError("it did not succeed: " + outcome);
        }

        Outcome.Failed failed() {
            if (outcome instanceof Outcome.Failed failed) {
                return failed;
            }
            throw new AssertionError("it did not fail: " + outcome);
        }
    }

    Left run(Workload workload) throws Exception {
        return run(Steps.of(installation, workload));
    }

    Left run(Attempt attempt) throws Exception {
        Printed printed = new Printed();
        Handle handle = adapter.provision(attempt);
        try {
            Outcome outcome = adapter.run(handle, attempt, printed).get(60, TimeUnit.SECONDS);
            adapter.collect(handle, attempt, printed);
            return new Left(outcome, printed);
        } finally {
            release(handle);
        }
    }

    void release(Handle handle) throws RunnerException {
        adapter.cancel(handle, java.time.Duration.ofSeconds(1)).join();
        adapter.teardown(handle);
    }

    @Override
    public void close() {
        adapter.close();
    }

    /** Takes everything, each byte once. */
    static class Printed implements Collector {
        private final Map<Stream, ByteArrayOutputStream> streams = new EnumMap<>(Stream.class);

        @Override
        public synchronized void write(Stream stream, long offset, byte[] bytes) {
            ByteArrayOutputStream known = of(stream);
            int skip = (int) (known.size() - offset);
            if (skip < 0) {
                throw new IllegalStateException("a gap of %d bytes".formatted(-skip));
            }
            if (skip < bytes.length) {
                known.write(bytes, skip, bytes.length - skip);
            }
        }

        @Override
        public synchronized long position(Stream stream) {
            return of(stream).size();
        }

        synchronized byte[] bytes(Stream stream) {
            return of(stream).toByteArray();
        }

        String stdout() {
            return new String(bytes(Stream.STDOUT), StandardCharsets.UTF_8);
        }

        private ByteArrayOutputStream of(Stream stream) {
            return streams.computeIfAbsent(stream, _ -> new ByteArrayOutputStream());
        }

        @Override
        public boolean wants(String path, long sizeBytes) {
            return false;
        }

        @Override
        public void artifact(String path, long sizeBytes, InputStream content) {}
    }
}
