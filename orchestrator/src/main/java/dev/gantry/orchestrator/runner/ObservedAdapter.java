package dev.gantry.orchestrator.runner;

import dev.gantry.spi.ArtifactException;
import dev.gantry.spi.Attempt;
import dev.gantry.spi.Capabilities;
import dev.gantry.spi.Capability;
import dev.gantry.spi.Collector;
import dev.gantry.spi.ExecutionException;
import dev.gantry.spi.Failure;
import dev.gantry.spi.Failure.Progress;
import dev.gantry.spi.Handle;
import dev.gantry.spi.Health;
import dev.gantry.spi.LogSink;
import dev.gantry.spi.Outcome;
import dev.gantry.spi.OwnedResource;
import dev.gantry.spi.Probe;
import dev.gantry.spi.ProvisionException;
import dev.gantry.spi.RunnerAdapter;
import dev.gantry.spi.StepContext;
import dev.gantry.spi.TeardownException;
import dev.gantry.spi.Workload;
import dev.gantry.spi.WorkloadProblem;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Any adapter, measured, traced and logged; and kept to its contract: whatever a broken one throws,
 * callers see only what the SPI declares.
 */
final class ObservedAdapter implements RunnerAdapter {
    private static final Logger log = LoggerFactory.getLogger(ObservedAdapter.class);

    /** More than a node has in flight; beyond it, lines about a teardown lack the step's ids. */
    private static final int MOST_CONTEXTS = 200_000;

    private final RunnerAdapter adapter;
    private final Capabilities capabilities;
    private final ObservedCall.Reports reports;

    /** Cancel and teardown get a handle alone; this says whose it is. */
    private final ConcurrentHashMap<String, StepContext> contexts = new ConcurrentHashMap<>();

    ObservedAdapter(RunnerAdapter adapter, ObservedCall.Reports reports) {
        this.adapter = adapter;
        this.capabilities = adapter.capabilities();
        this.reports = reports;
    }

    @Override
    public Capabilities capabilities() {
        return capabilities;
    }

    @Override
    public Health health() {
        ObservedCall call = reports.begin(Phase.HEALTH, "", null);
        try {
            Health health = Objects.requireNonNull(adapter.health());
            call.succeeded();
            return health;
        } catch (RuntimeException | LinkageError e) {
            return Health.disconnected(call.broken(e, Progress.NEVER_STARTED).message());
        }
    }

    @Override
    public List<WorkloadProblem> check(String tenant, Workload workload) {
        try {
            return List.copyOf(adapter.check(tenant, workload));
        } catch (RuntimeException | LinkageError e) {
            // Its defect must not keep documents from being published; provision has the last word.
            log.error("an adapter could not check a workload", e);
            return List.of();
        }
    }

    @Override
    public Handle provision(Attempt attempt) throws ProvisionException {
        ObservedCall call =
                reports.begin(Phase.PROVISION, attempt.externalName(), attempt.context());
        remember(attempt.externalName(), attempt.context());
        try {
            Handle handle = Objects.requireNonNull(adapter.provision(attempt));
            call.succeeded();
            return handle;
        } catch (ProvisionException e) {
            contexts.remove(attempt.externalName());
            call.failed(e.failure());
            throw e;
        } catch (RuntimeException | LinkageError e) {
            contexts.remove(attempt.externalName());
            // What it adopted may be running.
            Progress progress =
                    capabilities.can(Capability.PROVISIONS_RESOURCES)
                            ? Progress.MAY_HAVE_COMMITTED
                            : Progress.NEVER_STARTED;
            throw new ProvisionException(call.broken(e, progress), e);
        }
    }

    @Override
    public CompletableFuture<Outcome> run(Handle handle, Attempt attempt, LogSink logs) {
        ObservedCall call = reports.begin(Phase.RUN, handle.externalName(), attempt.context());
        return follow(call, attempt, () -> adapter.run(handle, call.traced(attempt), logs));
    }

    @Override
    public CompletableFuture<Outcome> reattach(Handle handle, Attempt attempt, LogSink logs) {
        remember(handle.externalName(), attempt.context());
        ObservedCall call = reports.begin(Phase.REATTACH, handle.externalName(), attempt.context());
        return follow(call, attempt, () -> adapter.reattach(handle, attempt, logs));
    }

    private interface Begin {
        CompletableFuture<Outcome> begin();
    }

    private CompletableFuture<Outcome> follow(ObservedCall call, Attempt attempt, Begin begin) {
        String tenant = attempt.context().tenant();
        reports.meters().began();
        CompletableFuture<Outcome> future;
        try {
            future = Objects.requireNonNull(begin.begin());
        } catch (RuntimeException | LinkageError e) {
            reports.meters().ended(tenant, Ending.BROKEN);
            return CompletableFuture.failedFuture(call.lost(e));
        }
        if (future.state() == CompletableFuture.State.SUCCESS && future.resultNow() != null) {
            reports.meters().ended(tenant, call.ended(future.resultNow()));
            return future;
        }
        CompletableFuture<Outcome> observed = new CompletableFuture<>();
        var _ =
                future.whenComplete(
                        (outcome, thrown) -> conclude(call, tenant, outcome, thrown, observed));
        return observed;
    }

    private void conclude(
            ObservedCall call,
            String tenant,
            @Nullable Outcome outcome,
            @Nullable Throwable thrown,
            CompletableFuture<Outcome> observed) {
        if (thrown == null && outcome != null) {
            reports.meters().ended(tenant, call.ended(outcome));
            observed.complete(outcome);
        } else {
            reports.meters().ended(tenant, Ending.UNKNOWN);
            observed.completeExceptionally(
                    call.lost(thrown == null ? new NullPointerException("no outcome") : thrown));
        }
    }

    @Override
    public Probe probe(Handle handle, Attempt attempt) {
        ObservedCall call = reports.begin(Phase.PROBE, handle.externalName(), attempt.context());
        try {
            Probe probe = Objects.requireNonNull(adapter.probe(handle, attempt));
            call.succeeded();
            return probe;
        } catch (RuntimeException | LinkageError e) {
            return new Probe.Unknown(call.broken(e, Progress.MAY_HAVE_COMMITTED).message());
        }
    }

    @Override
    public CompletableFuture<Void> cancel(Handle handle, Duration grace) {
        ObservedCall call = reports.begin(Phase.CANCEL, handle.externalName(), context(handle));
        CompletableFuture<Void> future;
        try {
            future = Objects.requireNonNull(adapter.cancel(handle, grace));
        } catch (RuntimeException | LinkageError e) {
            return CompletableFuture.failedFuture(call.lost(e));
        }
        CompletableFuture<Void> observed = new CompletableFuture<>();
        var _ =
                future.whenComplete((nothing, thrown) -> {
                    if (thrown == null) {
                        call.succeeded();
                        observed.complete(null);
                    } else {
                        observed.completeExceptionally(call.lost(thrown));
                    }
                });
        return observed;
    }

    @Override
    public void collect(Handle handle, Attempt attempt, Collector collector)
            throws ArtifactException {
        remember(handle.externalName(), attempt.context());
        ObservedCall call = reports.begin(Phase.COLLECT, handle.externalName(), attempt.context());
        try {
            adapter.collect(handle, attempt, collector);
            call.succeeded();
        } catch (ArtifactException e) {
            call.failed(e.failure());
            throw e;
        } catch (RuntimeException | LinkageError e) {
            throw new ArtifactException(call.broken(e, Progress.ENDED), e);
        }
    }

    @Override
    public void teardown(Handle handle) throws TeardownException {
        ObservedCall call = reports.begin(Phase.TEARDOWN, handle.externalName(), context(handle));
        try {
            adapter.teardown(handle);
            contexts.remove(handle.externalName());
            call.succeeded();
        } catch (TeardownException e) {
            call.failed(e.failure());
            throw e;
        } catch (RuntimeException | LinkageError e) {
            throw new TeardownException(call.broken(e, Progress.ENDED), e);
        }
    }

    @Override
    public List<OwnedResource> owned() throws ExecutionException {
        ObservedCall call = reports.begin(Phase.OWNED, "", null);
        try {
            List<OwnedResource> owned = Objects.requireNonNull(adapter.owned());
            call.succeeded();
            return owned;
        } catch (ExecutionException e) {
            call.failed(e.failure());
            throw e;
        } catch (RuntimeException | LinkageError e) {
            Failure failure = call.broken(e, Progress.NEVER_STARTED);
            throw new ExecutionException(failure, e);
        }
    }

    @Override
    public void close() {
        adapter.close();
    }

    private void remember(String name, StepContext context) {
        if (contexts.mappingCount() < MOST_CONTEXTS) {
            contexts.put(name, context);
        }
    }

    private @Nullable StepContext context(Handle handle) {
        return contexts.get(handle.externalName());
    }
}
