package dev.gantry.benchmarks;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.gantry.spi.Attempt;
import dev.gantry.spi.Handle;
import dev.gantry.spi.Limits;
import dev.gantry.spi.LogSink;
import dev.gantry.spi.Outcome;
import dev.gantry.spi.ProvisionException;
import dev.gantry.spi.RunnerAdapter;
import dev.gantry.spi.RunnerAdapterProvider;
import dev.gantry.spi.RuntimeClass;
import dev.gantry.spi.StepContext;
import dev.gantry.spi.Workload;
import java.time.Duration;
import java.util.Map;
import java.util.ServiceLoader;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/** Steps of one workload through an adapter, one after another: from provision to outcome. */
final class AdapterStep implements Pairs.Way {
    private static final LogSink NO_LOG =
            new LogSink() {
                @Override
                public void write(Stream stream, long offset, byte[] bytes) {}

                @Override
                public long position(Stream stream) {
                    return 0;
                }
            };

    private final String installation = "bench-" + UUID.randomUUID();
    private final String execution = UUID.randomUUID().toString();
    private final RunnerAdapter adapter;
    private final RuntimeClass runtimeClass;
    private final Workload workload;
    private final byte[] input;
    private final AtomicInteger step = new AtomicInteger();
    private @Nullable Handle handle;

    AdapterStep(
            String kind,
            Map<String, String> settings,
            RuntimeClass runtimeClass,
            Workload workload,
            String input) {
        this.adapter =
                ServiceLoader.load(RunnerAdapterProvider.class).stream()
                        .map(ServiceLoader.Provider::get)
                        .filter(provider -> provider.kind().equals(kind))
                        .findFirst()
                        .orElseThrow()
                        .create(new RunnerAdapterProvider.AdapterContext(installation, settings));
        this.runtimeClass = runtimeClass;
        this.workload = workload;
        this.input = input.getBytes(UTF_8);
    }

    @Override
    public void prepare() {
        step.incrementAndGet();
    }

    /** Begins one, of which there may be many at the same time, and tells how it ends. */
    CompletableFuture<Outcome> begin() throws ProvisionException {
        Attempt attempt = attempt(step.incrementAndGet());
        return adapter.run(adapter.provision(attempt), attempt, NO_LOG);
    }

    @Override
    public void timed() throws Exception {
        Attempt attempt = attempt(step.get());
        Handle provisioned = adapter.provision(attempt);
        handle = provisioned;
        Outcome outcome = adapter.run(provisioned, attempt, NO_LOG).get();
        if (!(outcome instanceof Outcome.Succeeded)) {
            throw new IllegalStateException("it should have succeeded: " + outcome);
        }
    }

    private Attempt attempt(int number) {
        StepContext context =
                new StepContext(
                        installation,
                        "default",
                        execution,
                        number,
                        "/do/0/bench",
                        "",
                        1,
                        "bench",
                        "user:bench",
                        execution + "/" + number,
                        null);
        return new Attempt(
                context,
                "b-%s-%d".formatted(execution.substring(0, 8), number),
                runtimeClass,
                workload,
                input,
                Limits.defaults().withTimeout(Duration.ofMinutes(5)));
    }

    @Override
    public void cleanUp() throws Exception {
        if (handle != null) {
            adapter.teardown(handle);
            handle = null;
        }
    }
}
