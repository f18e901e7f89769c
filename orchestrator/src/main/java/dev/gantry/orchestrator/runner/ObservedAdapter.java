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
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Any adapter, measured, traced and logged; and kept to its contract: whatever a broken one throws,
 * callers see only what the SPI declares, and none of the attempt's secrets.
 */
final class ObservedAdapter implements RunnerAdapter {
    private static final Logger log = LoggerFactory.getLogger(ObservedAdapter.class);

    /** More than a node has in flight; beyond it, lines about a teardown lack the step's ids. */
    private static final int MOST_CONTEXTS = 200_000;

    private final RunnerAdapter adapter;
    private final Capabilities capabilities;
    private final ObservedCall.Reports reports;

    /** Cancel and teardown get a handle alone; this says whose it is. */
    private final ConcurrentHashMap<String, Whose> contexts = new ConcurrentHashMap<>();

    private record Whose(StepContext context, Set<String> secrets) {}

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
    public Capabilities capabilities(Workload workload) {
        return adapter.capabilities(workload);
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
    public Optional<WorkloadProblem> lack(Workload.Function function) {
        try {
            return Objects.requireNonNull(adapter.lack(function));
        } catch (RuntimeException | LinkageError e) {
            log.error("an adapter could not tell what it lacks for a function", e);
            return Optional.empty();
        }
    }

    @Override
    public void undeploy(String tenant, Workload.Function function) throws TeardownException {
        ObservedCall call = reports.begin(Phase.TEARDOWN, "", null);
        try {
            adapter.undeploy(tenant, function);
            call.succeeded();
        } catch (TeardownException e) {
            throw call.failed(e, TeardownException::new);
        } catch (RuntimeException | LinkageError e) {
            throw new TeardownException(call.broken(e, Progress.ENDED), call.shown(e));
        }
    }

    @Override
    public Handle provision(Attempt attempt) throws ProvisionException {
        ObservedCall call = begin(Phase.PROVISION, attempt.externalName(), attempt);
        remember(attempt.externalName(), attempt);
        try (LogIds.Scope _ = scope(attempt.context())) {
            Handle handle = Objects.requireNonNull(adapter.provision(attempt));
            call.succeeded();
            return handle;
        } catch (ProvisionException e) {
            contexts.remove(attempt.externalName());
            throw call.failed(e, ProvisionException::new);
        } catch (RuntimeException | LinkageError e) {
            contexts.remove(attempt.externalName());
            // What it adopted may be running.
            Progress progress =
                    capabilities.can(Capability.PROVISIONS_RESOURCES)
                            ? Progress.MAY_HAVE_COMMITTED
                            : Progress.NEVER_STARTED;
            throw new ProvisionException(call.broken(e, progress), call.shown(e));
        }
    }

    @Override
    public CompletableFuture<Outcome> run(Handle handle, Attempt attempt, LogSink logs) {
        ObservedCall call = begin(Phase.RUN, handle.externalName(), attempt);
        return follow(call, attempt, () -> adapter.run(handle, call.traced(attempt), logs));
    }

    @Override
    public CompletableFuture<Outcome> reattach(Handle handle, Attempt attempt, LogSink logs) {
        remember(handle.externalName(), attempt);
        ObservedCall call = begin(Phase.REATTACH, handle.externalName(), attempt);
        return follow(call, attempt, () -> adapter.reattach(handle, attempt, logs));
    }

    private interface Begin {
        CompletableFuture<Outcome> begin();
    }

    private CompletableFuture<Outcome> follow(ObservedCall call, Attempt attempt, Begin begin) {
        String tenant = attempt.context().tenant();
        reports.meters().began();
        CompletableFuture<Outcome> future;
        try (LogIds.Scope _ = scope(attempt.context())) {
            future = Objects.requireNonNull(begin.begin());
        } catch (RuntimeException | LinkageError e) {
            reports.meters().ended(tenant, Ending.BROKEN);
            return CompletableFuture.failedFuture(call.lost(e));
        }
        if (future.state() == CompletableFuture.State.SUCCESS && future.resultNow() != null) {
            Outcome outcome = call.shown(future.resultNow());
            reports.meters().ended(tenant, call.ended(outcome));
            return CompletableFuture.completedFuture(outcome);
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
            Outcome shown = call.shown(outcome);
            reports.meters().ended(tenant, call.ended(shown));
            observed.complete(shown);
        } else {
            reports.meters().ended(tenant, Ending.UNKNOWN);
            observed.completeExceptionally(
                    call.lost(thrown == null ? new NullPointerException("no outcome") : thrown));
        }
    }

    @Override
    public Probe probe(Handle handle, Attempt attempt) {
        ObservedCall call = begin(Phase.PROBE, handle.externalName(), attempt);
        try (LogIds.Scope _ = scope(attempt.context())) {
            Probe probe = Objects.requireNonNull(adapter.probe(handle, attempt));
            call.succeeded();
            return switch (probe) {
                case Probe.Done done -> new Probe.Done(call.shown(done.outcome()));
                case Probe.Unknown unknown -> new Probe.Unknown(call.shown(unknown.reason()));
                default -> probe;
            };
        } catch (RuntimeException | LinkageError e) {
            return new Probe.Unknown(call.broken(e, Progress.MAY_HAVE_COMMITTED).message());
        }
    }

    @Override
    public CompletableFuture<Void> cancel(Handle handle, Duration grace) {
        ObservedCall call = begin(Phase.CANCEL, handle);
        CompletableFuture<Void> future;
        try (LogIds.Scope _ = scope(handle)) {
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
        remember(handle.externalName(), attempt);
        ObservedCall call = begin(Phase.COLLECT, handle.externalName(), attempt);
        try (LogIds.Scope _ = scope(attempt.context())) {
            adapter.collect(handle, attempt, collector);
            call.succeeded();
        } catch (ArtifactException e) {
            throw call.failed(e, ArtifactException::new);
        } catch (RuntimeException | LinkageError e) {
            throw new ArtifactException(call.broken(e, Progress.ENDED), call.shown(e));
        }
    }

    @Override
    public void teardown(Handle handle) throws TeardownException {
        ObservedCall call = begin(Phase.TEARDOWN, handle);
        try (LogIds.Scope _ = scope(handle)) {
            adapter.teardown(handle);
            contexts.remove(handle.externalName());
            call.succeeded();
        } catch (TeardownException e) {
            throw call.failed(e, TeardownException::new);
        } catch (RuntimeException | LinkageError e) {
            throw new TeardownException(call.broken(e, Progress.ENDED), call.shown(e));
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

    /** Only a backend's own calls are slow enough that the ids beside them cost nothing. */
    private LogIds.Scope scope(@Nullable StepContext context) {
        return context == null || !capabilities.can(Capability.PROVISIONS_RESOURCES)
                ? LogIds.Scope.NONE
                : LogIds.of(context).open();
    }

    private LogIds.Scope scope(Handle handle) {
        Whose whose = contexts.get(handle.externalName());
        return scope(whose == null ? null : whose.context());
    }

    private void remember(String name, Attempt attempt) {
        if (contexts.mappingCount() < MOST_CONTEXTS) {
            contexts.put(name, new Whose(attempt.context(), attempt.secrets()));
        }
    }

    private ObservedCall begin(Phase phase, String name, Attempt attempt) {
        return reports.begin(phase, name, attempt.context(), attempt.secrets());
    }

    private ObservedCall begin(Phase phase, Handle handle) {
        Whose whose = contexts.get(handle.externalName());
        return whose == null
                ? reports.begin(phase, handle.externalName(), null)
                : reports.begin(phase, handle.externalName(), whose.context(), whose.secrets());
    }
}
