package dev.gantry.orchestrator.execution;

import dev.gantry.orchestrator.id.TenantId;
import dev.gantry.orchestrator.runner.Runners;
import dev.gantry.spi.Attempt;
import dev.gantry.spi.Capabilities;
import dev.gantry.spi.Collector;
import dev.gantry.spi.Handle;
import dev.gantry.spi.Health;
import dev.gantry.spi.LogSink;
import dev.gantry.spi.Outcome;
import dev.gantry.spi.OwnedResource;
import dev.gantry.spi.Probe;
import dev.gantry.spi.RunnerAdapter;
import dev.gantry.spi.RuntimeClass;
import java.time.Duration;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;

/** Runners with one adapter, which gives every step its input back. */
final class EchoRunners implements Runners, RunnerAdapter {
    final LongAdder runs = new LongAdder();

    @Override
    public List<AdapterView> list() {
        return List.of();
    }

    @Override
    public RunnerAdapter adapter(String kind) {
        return this;
    }

    @Override
    public Health health(String kind) {
        return health();
    }

    @Override
    public Placement place(
            TenantId tenant,
            List<RuntimeClass> classes,
            @Nullable String only,
            List<String> order) {
        return new Placement(classes.getFirst(), "echo");
    }

    @Override
    public CompletableFuture<Slot> slot(String kind, @Nullable Limit limit) {
        return CompletableFuture.completedFuture(() -> {});
    }

    @Override
    public Capabilities capabilities() {
        return CAPABILITIES;
    }

    private static final Capabilities CAPABILITIES =
            new Capabilities(EnumSet.allOf(RuntimeClass.class), java.util.Set.of(), 1000);

    @Override
    public Health health() {
        return Health.connected("echo");
    }

    @Override
    public Handle provision(Attempt attempt) {
        return new Handle("echo", 1, attempt.externalName(), Map.of());
    }

    @Override
    public CompletableFuture<Outcome> run(Handle handle, Attempt attempt, LogSink logs) {
        runs.increment();
        return CompletableFuture.completedFuture(
                new Outcome.Succeeded(attempt.input(), Outcome.Usage.UNKNOWN));
    }

    @Override
    public Probe probe(Handle handle, Attempt attempt) {
        return new Probe.Unknown("echo keeps nothing");
    }

    @Override
    public CompletableFuture<Outcome> reattach(Handle handle, Attempt attempt, LogSink logs) {
        return run(handle, attempt, logs);
    }

    @Override
    public CompletableFuture<Void> cancel(Handle handle, Duration grace) {
        return CompletableFuture.completedFuture(null);
    }

    @Override
    public void collect(Handle handle, Attempt attempt, Collector collector) {}

    @Override
    public void teardown(Handle handle) {}

    @Override
    public List<OwnedResource> owned() {
        return List.of();
    }

    @Override
    public void close() {}
}
