package dev.gantry.benchmarks;

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
import dev.gantry.spi.RunnerAdapterProvider;
import dev.gantry.spi.RuntimeClass;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;

/** An adapter of the benchmarks' own that tells when each execution's first step is called. */
public final class FirstStepProvider implements RunnerAdapterProvider {
    @Override
    public String kind() {
        return "first-step";
    }

    @Override
    public RunnerAdapter create(AdapterContext context) {
        return new FirstStep();
    }

    private static final class FirstStep implements RunnerAdapter {
        private final Capabilities capabilities =
                new Capabilities(Set.of(RuntimeClass.FAAS), Set.of(), 1_000_000);

        @Override
        public Capabilities capabilities() {
            return capabilities;
        }

        @Override
        public Health health() {
            return Health.connected("benchmark");
        }

        @Override
        public Handle provision(Attempt attempt) {
            return new Handle("first-step", 1, attempt.externalName(), Map.of());
        }

        @Override
        public CompletableFuture<Outcome> run(Handle handle, Attempt attempt, LogSink logs) {
            if (attempt.context().taskPointer().startsWith("/do/0/")) {
                Arrivals.called(attempt.context().correlationId());
            }
            return CompletableFuture.completedFuture(
                    new Outcome.Succeeded(attempt.input(), Outcome.Usage.UNKNOWN));
        }

        @Override
        public Probe probe(Handle handle, Attempt attempt) {
            return new Probe.Unknown("it keeps nothing");
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
}
