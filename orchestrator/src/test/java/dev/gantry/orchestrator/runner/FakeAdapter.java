package dev.gantry.orchestrator.runner;

import dev.gantry.spi.ArtifactException;
import dev.gantry.spi.Attempt;
import dev.gantry.spi.Capabilities;
import dev.gantry.spi.Capability;
import dev.gantry.spi.Collector;
import dev.gantry.spi.ExecutionException;
import dev.gantry.spi.Handle;
import dev.gantry.spi.Health;
import dev.gantry.spi.LogSink;
import dev.gantry.spi.Outcome;
import dev.gantry.spi.OwnedResource;
import dev.gantry.spi.Probe;
import dev.gantry.spi.ProvisionException;
import dev.gantry.spi.RunnerAdapter;
import dev.gantry.spi.RuntimeClass;
import dev.gantry.spi.TeardownException;
import java.time.Duration;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;
import java.util.function.Supplier;

/** An adapter that does what a test tells it, and echoes the input otherwise. */
final class FakeAdapter implements RunnerAdapter {
    Set<RuntimeClass> classes = EnumSet.allOf(RuntimeClass.class);
    Set<Capability> claims = Set.of();
    Supplier<Health> health = () -> Health.connected("fake");
    Provision provision = attempt -> new Handle("fake", 1, attempt.externalName(), Map.of());
    Function<Attempt, CompletableFuture<Outcome>> run =
            attempt ->
                    CompletableFuture.completedFuture(
                            new Outcome.Succeeded(attempt.input(), Outcome.Usage.UNKNOWN));
    Probing probe = handle -> new Probe.Gone();
    Function<Handle, CompletableFuture<Void>> cancel =
            handle -> CompletableFuture.completedFuture(null);
    Collecting collect = collector -> {};
    Teardown teardown = handle -> {};
    boolean closed;

    interface Provision {
        Handle provision(Attempt attempt) throws ProvisionException;
    }

    interface Probing {
        Probe probe(Handle handle);
    }

    interface Collecting {
        void collect(Collector collector) throws ArtifactException;
    }

    interface Teardown {
        void teardown(Handle handle) throws TeardownException;
    }

    @Override
    public Capabilities capabilities() {
        return new Capabilities(classes, claims, 100);
    }

    @Override
    public Health health() {
        return health.get();
    }

    @Override
    public Handle provision(Attempt attempt) throws ProvisionException {
        return provision.provision(attempt);
    }

    @Override
    public CompletableFuture<Outcome> run(Handle handle, Attempt attempt, LogSink logs) {
        return run.apply(attempt);
    }

    @Override
    public Probe probe(Handle handle, Attempt attempt) {
        return probe.probe(handle);
    }

    @Override
    public CompletableFuture<Outcome> reattach(Handle handle, Attempt attempt, LogSink logs) {
        return run.apply(attempt);
    }

    @Override
    public CompletableFuture<Void> cancel(Handle handle, Duration grace) {
        return cancel.apply(handle);
    }

    @Override
    public void collect(Handle handle, Attempt attempt, Collector collector)
            throws ArtifactException {
        collect.collect(collector);
    }

    @Override
    public void teardown(Handle handle) throws TeardownException {
        teardown.teardown(handle);
    }

    @Override
    public List<OwnedResource> owned() throws ExecutionException {
        return List.of();
    }

    @Override
    public void close() {
        closed = true;
    }
}
