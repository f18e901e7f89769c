package dev.gantry.orchestrator.runner.call;

import dev.gantry.spi.Attempt;
import dev.gantry.spi.Capabilities;
import dev.gantry.spi.Capability;
import dev.gantry.spi.Collector;
import dev.gantry.spi.ExecutionException;
import dev.gantry.spi.Failure;
import dev.gantry.spi.Failure.Actor;
import dev.gantry.spi.Failure.Progress;
import dev.gantry.spi.Handle;
import dev.gantry.spi.Health;
import dev.gantry.spi.LogSink;
import dev.gantry.spi.Outcome;
import dev.gantry.spi.OwnedResource;
import dev.gantry.spi.Probe;
import dev.gantry.spi.ProvisionException;
import dev.gantry.spi.RunnerAdapter;
import dev.gantry.spi.RuntimeClass;
import dev.gantry.spi.Workload;
import java.time.Duration;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Makes the calls of {@code call: http}, {@code openapi} and {@code grpc} in this process, within
 * the egress policy. The input says whom to call, and with what.
 *
 * <p>A cancel ends the exchange: nothing of it is left in Gantry. What a server makes of a request
 * that it already has is its own affair.
 */
final class CallAdapter implements RunnerAdapter {
    static final String KIND = "http";

    private final Capabilities capabilities;
    private final Exchange.Means means;
    private final ConcurrentHashMap<String, Exchange> exchanges = new ConcurrentHashMap<>();

    CallAdapter(Exchange.Means means) {
        this.means = means;
        this.capabilities =
                new Capabilities(
                        EnumSet.of(RuntimeClass.CALL),
                        EnumSet.of(Capability.CANCEL, Capability.SCALE_TO_ZERO),
                        means.settings().maxInFlight());
    }

    @Override
    public Capabilities capabilities() {
        return capabilities;
    }

    @Override
    public Health health() {
        return Health.connected("built in");
    }

    @Override
    public Handle provision(Attempt attempt) throws ProvisionException {
        if (!(attempt.workload() instanceof Workload.Call)) {
            throw new ProvisionException(
                    CallFailed.invalid(
                                    "the http adapter performs Gantry's own calls and nothing else")
                            .failure());
        }
        return new Handle(KIND, 1, attempt.externalName(), Map.of());
    }

    @Override
    public CompletableFuture<Outcome> run(Handle handle, Attempt attempt, LogSink logs) {
        Exchange exchange = new Exchange(means, attempt);
        Exchange begun = exchanges.putIfAbsent(handle.externalName(), exchange);
        if (begun != null) {
            return begun.outcome();
        }
        CompletableFuture<Outcome> ended =
                exchange.outcome()
                        .whenComplete((outcome, thrown) ->
                                exchanges.remove(handle.externalName(), exchange));
        exchange.start();
        return ended;
    }

    @Override
    public Probe probe(Handle handle, Attempt attempt) {
        return exchanges.containsKey(handle.externalName())
                ? new Probe.Running()
                : new Probe.Gone();
    }

    @Override
    public CompletableFuture<Outcome> reattach(Handle handle, Attempt attempt, LogSink logs) {
        Exchange exchange = exchanges.get(handle.externalName());
        return exchange != null
                ? exchange.outcome()
                : CompletableFuture.failedFuture(
                        new ExecutionException(
                                new Failure(
                                        Failure.Code.LOST,
                                        "an http call does not outlive the process that made it",
                                        Actor.PLATFORM,
                                        true,
                                        Progress.MAY_HAVE_COMMITTED)));
    }

    @Override
    public CompletableFuture<Void> cancel(Handle handle, Duration grace) {
        Exchange exchange = exchanges.get(handle.externalName());
        if (exchange == null) {
            return CompletableFuture.completedFuture(null);
        }
        exchange.cancel();
        return exchange.outcome().thenAccept(outcome -> {});
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
    public void close() {
        exchanges.values().forEach(Exchange::cancel);
        means.client().close();
        means.names().close();
    }
}
