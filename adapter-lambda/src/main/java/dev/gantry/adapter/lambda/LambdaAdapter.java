package dev.gantry.adapter.lambda;

import dev.gantry.spi.ArtifactException;
import dev.gantry.spi.Attempt;
import dev.gantry.spi.Capabilities;
import dev.gantry.spi.Capability;
import dev.gantry.spi.Collector;
import dev.gantry.spi.ExecutionException;
import dev.gantry.spi.Failure;
import dev.gantry.spi.Failure.Actor;
import dev.gantry.spi.Failure.Code;
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
import dev.gantry.spi.WorkloadProblem;
import java.time.Duration;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Runs each attempt as an invocation of a function. */
final class LambdaAdapter implements RunnerAdapter {
    private static final Duration HEALTH = Duration.ofMillis(4_500);
    private static final int VERSION = 1;
    private static final String ATTEMPT = "attempt";

    private final LambdaSettings settings;
    private final LambdaPolicy policy;
    private final WorkloadCheck checks;
    private final Capabilities capabilities;
    private final Supplier<Backend> make;
    private final ReentrantLock making = new ReentrantLock();
    private volatile @Nullable Backend backend;
    private final EarlierAttempts earlier = new EarlierAttempts();
    private final Executor threads =
            Executors.newThreadPerTaskExecutor(Thread.ofVirtual().name("lambda-", 0).factory());

    /** Logs of what this instance has run, until they are collected. */
    private final Map<String, Trace> traces = new ConcurrentHashMap<>();

    LambdaAdapter(LambdaSettings settings) {
        this(settings, () -> new Backend(settings));
    }

    LambdaAdapter(LambdaSettings settings, Supplier<Backend> make) {
        this.settings = settings;
        this.make = make;
        this.policy = new LambdaPolicy(settings);
        this.checks = new WorkloadCheck(policy);
        Set<Capability> claims = EnumSet.noneOf(Capability.class);
        for (Mode mode : Mode.values()) {
            claims.addAll(mode.claims());
        }
        this.capabilities =
                new Capabilities(Set.of(RuntimeClass.FAAS), claims, settings.maxInFlight());
    }

    @Override
    public Capabilities capabilities() {
        return capabilities;
    }

    @Override
    public Capabilities capabilities(Workload workload) {
        Mode mode =
                workload instanceof Workload.Function function
                        ? Binding.mode(function).orElse(Mode.SYNC)
                        : Mode.SYNC;
        return new Capabilities(
                capabilities.runtimeClasses(), mode.claims(), capabilities.maxInFlight());
    }

    /** AWS's classes are loaded here for the first time. */
    private Backend backend() {
        Backend known = backend;
        if (known != null) {
            return known;
        }
        making.lock();
        try {
            Backend made = backend == null ? make.get() : backend;
            backend = made;
            return made;
        } finally {
            making.unlock();
        }
    }

    private boolean isConfigured() {
        return settings.region() != null;
    }

    @Override
    public Health health() {
        if (!isConfigured()) {
            return Health.disconnected(Failures.notConfigured().message());
        }
        return CompletableFuture.supplyAsync(() -> backend().health(), threads)
                .completeOnTimeout(
                        Health.disconnected("Lambda does not answer"),
                        HEALTH.toMillis(),
                        TimeUnit.MILLISECONDS)
                .exceptionally(e -> Health.disconnected(Failures.reason(e)))
                .join();
    }

    @Override
    public List<WorkloadProblem> check(String tenant, Workload workload) {
        return checks.problems(tenant, workload);
    }

    @Override
    public Handle provision(Attempt attempt) throws ProvisionException {
        if (attempt.runtimeClass() != RuntimeClass.FAAS) {
            throw new ProvisionException(
                    Failures.invalid(
                            "Lambda serves runtime class 'faas', not '%s'"
                                    .formatted(attempt.runtimeClass().label())));
        }
        Call call = call(attempt);
        SyncCalls.require(call);
        earlier.require(attempt);
        return new Handle(
                LambdaProvider.KIND,
                VERSION,
                attempt.externalName(),
                Map.of(
                        ATTEMPT,
                        Integer.toString(attempt.context().attempt()),
                        "mode",
                        call.target().mode().label()));
    }

    private Call call(Attempt attempt) throws ProvisionException {
        Target target = checks.require(attempt);
        if (!isConfigured()) {
            throw new ProvisionException(Failures.notConfigured());
        }
        String tenant = attempt.context().tenant();
        Clients.Access access = new Clients.Access(policy.role(tenant, target), tenant);
        Functions.Facts facts = backend().functions.facts(target, access);
        requireTenant(target, facts);
        return new Call(attempt, target, access, facts);
    }

    private static void requireTenant(Target target, Functions.Facts facts)
            throws ProvisionException {
        Boolean isolated = facts.isolated();
        if (isolated != null && isolated != target.isolated()) {
            throw new ProvisionException(
                    Failures.invalid(
                            isolated
                                    ? "function %s keeps tenants apart and must be told whose call it is: add runtime.lambda.tenantId: '{tenant}'"
                                            .formatted(target)
                                    : "function %s was not created with tenant isolation: remove runtime.lambda.tenantId"
                                            .formatted(target)));
        }
    }

    @Override
    public CompletableFuture<Outcome> run(Handle handle, Attempt attempt, LogSink logs) {
        CompletableFuture<Outcome> ending = new CompletableFuture<>();
        threads.execute(() -> {
            try {
                ending.complete(invoked(call(attempt)));
            } catch (ProvisionException e) {
                ending.complete(new Outcome.Failed(e.failure(), null, Outcome.Usage.UNKNOWN));
            } catch (ExecutionException | RuntimeException e) {
                ending.completeExceptionally(e);
            }
        });
        return ending;
    }

    private Outcome invoked(Call call) throws ExecutionException, ProvisionException {
        long mayRunUntil = System.nanoTime() + call.facts().timeout().toNanos();
        try {
            SyncCalls.Ended ended = backend().sync.run(call);
            if (ended.trace() != null) {
                traces.put(call.name(), ended.trace());
            } else {
                mayRunOn(call, ended.outcome(), mayRunUntil);
            }
            return ended.outcome();
        } catch (ExecutionException e) {
            earlier.mayRun(call.attempt(), mayRunUntil);
            throw e;
        }
    }

    private void mayRunOn(Call call, Outcome outcome, long until) {
        if (outcome instanceof Outcome.Failed failed
                && failed.failure().progress() == Progress.MAY_HAVE_COMMITTED) {
            earlier.mayRun(call.attempt(), until);
        }
    }

    @Override
    public Probe probe(Handle handle, Attempt attempt) {
        return new Probe.Unknown("Lambda cannot be asked for a call that waits for its answer");
    }

    @Override
    public CompletableFuture<Outcome> reattach(Handle handle, Attempt attempt, LogSink logs) {
        return CompletableFuture.failedFuture(
                Failures.lost(
                        "the answer of %s went to whoever called it, and cannot be asked for again"
                                .formatted(handle.externalName()),
                        null));
    }

    @Override
    public CompletableFuture<Void> cancel(Handle handle, Duration grace) {
        return CompletableFuture.failedFuture(
                new ExecutionException(
                        new Failure(
                                Code.BACKEND_REFUSED,
                                "Lambda cannot stop an invocation; %s ends by itself, at its function's timeout at the latest"
                                        .formatted(handle.externalName()),
                                Actor.BACKEND,
                                false,
                                Progress.MAY_HAVE_COMMITTED)));
    }

    @Override
    public void collect(Handle handle, Attempt attempt, Collector collector)
            throws ArtifactException {
        Trace trace = traces.get(name(handle));
        if (trace != null) {
            backend().logs.collect(trace, collector, attempt.limits().maxLogBytes());
        }
    }

    /** Nothing of an invocation is left on the backend. */
    @Override
    public void teardown(Handle handle) {
        traces.remove(name(handle));
    }

    private static String name(Handle handle) {
        return Call.name(
                handle.externalName(),
                Integer.parseInt(Objects.requireNonNull(handle.state().get(ATTEMPT))));
    }

    @Override
    public List<OwnedResource> owned() {
        return List.of();
    }

    @Override
    public void close() {
        Backend made = backend;
        if (made != null) {
            made.close();
        }
    }
}
