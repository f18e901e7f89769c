package dev.gantry.adapter.k8sjob;

import dev.gantry.spi.Attempt;
import dev.gantry.spi.Collector;
import dev.gantry.spi.Handle;
import dev.gantry.spi.Limits;
import dev.gantry.spi.LogSink;
import dev.gantry.spi.Outcome;
import dev.gantry.spi.RunnerAdapter;
import dev.gantry.spi.RunnerException;
import dev.gantry.spi.RuntimeClass;
import dev.gantry.spi.StepContext;
import dev.gantry.spi.Workload;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.EnumMap;
import java.util.Map;
import java.util.TreeMap;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** Single steps of tests, and what they printed. */
final class Steps {
    private Steps() {}

    static Attempt of(String installation, Workload workload) {
        return of(installation, workload, Limits.defaults().withTimeout(Duration.ofMinutes(5)));
    }

    static Attempt of(String installation, Workload workload, Limits limits) {
        return of(installation, "acme", workload, limits);
    }

    static Attempt of(String installation, String tenant, Workload workload, Limits limits) {
        String execution = UUID.randomUUID().toString();
        StepContext context =
                new StepContext(
                        installation,
                        tenant,
                        execution,
                        1,
                        "/do/0/a",
                        "",
                        1,
                        execution,
                        "user:ann",
                        execution,
                        null);
        return new Attempt(
                context,
                "g" + execution.replace("-", "") + "-1",
                RuntimeClass.JOB,
                workload,
                "{}".getBytes(StandardCharsets.UTF_8),
                limits);
    }

    static Workload.Function function(Map<String, Object> binding) {
        return new Workload.Function("test/step", "1.0.0", binding);
    }

    /** One that was begun. */
    record Run(
            RunnerAdapter adapter,
            Attempt attempt,
            Handle handle,
            Printed printed,
            CompletableFuture<Outcome> outcome)
            implements AutoCloseable {
        static Run begin(RunnerAdapter adapter, Attempt attempt) throws Exception {
            Handle handle = adapter.provision(attempt);
            Printed printed = new Printed();
            return new Run(
                    adapter, attempt, handle, printed, adapter.run(handle, attempt, printed));
        }

        JobRef job() {
            return JobRef.of(handle);
        }

        Outcome await() throws Exception {
            try {
                return outcome.get(120, TimeUnit.SECONDS);
            } catch (TimeoutException e) {
                throw new AssertionError("no outcome of " + job(), e);
            } catch (ExecutionException e) {
                throw e.getCause() instanceof Exception cause ? cause : e;
            }
        }

        Outcome.Failed failed() throws Exception {
            if (await() instanceof Outcome.Failed failed) {
                return failed;
            }
            throw new AssertionError("it did not fail: " + await());
        }

        String output() throws Exception {
            if (await() instanceof Outcome.Succeeded succeeded) {
                return new String(succeeded.output(), StandardCharsets.UTF_8);
            }
            throw new AssertionError("it did not succeed: " + await());
        }

        @Override
        public void close() throws RunnerException {
            adapter.cancel(handle, Duration.ofSeconds(1)).join();
            adapter.teardown(handle);
        }
    }

    /** Takes everything, each byte once. */
    static final class Printed implements Collector {
        private final Map<LogSink.Stream, ByteArrayOutputStream> streams =
                new EnumMap<>(LogSink.Stream.class);
        final Map<String, byte[]> files = new TreeMap<>();

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

        String text(Stream stream) {
            return new String(bytes(stream), StandardCharsets.UTF_8);
        }

        private ByteArrayOutputStream of(Stream stream) {
            return streams.computeIfAbsent(stream, _ -> new ByteArrayOutputStream());
        }

        @Override
        public boolean wants(String path, long sizeBytes) {
            return true;
        }

        @Override
        public void artifact(String path, long sizeBytes, InputStream content) throws IOException {
            files.put(path, content.readAllBytes());
        }
    }
}
