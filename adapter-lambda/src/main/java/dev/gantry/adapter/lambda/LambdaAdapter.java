package dev.gantry.adapter.lambda;

import dev.gantry.spi.ArtifactException;
import dev.gantry.spi.Attempt;
import dev.gantry.spi.BlobStore;
import dev.gantry.spi.Capabilities;
import dev.gantry.spi.Capability;
import dev.gantry.spi.Collector;
import dev.gantry.spi.ExecutionException;
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
import dev.gantry.spi.TeardownException;
import dev.gantry.spi.Workload;
import dev.gantry.spi.WorkloadProblem;
import java.time.Duration;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Runs each attempt as an invocation of a function. */
final class LambdaAdapter implements RunnerAdapter {
    private static final Duration HEALTH = Duration.ofMillis(4_500);
    static final int VERSION = 1;
    private static final String ATTEMPT = "attempt";
    private static final String MODE = "mode";

    private final String installation;
    private final LambdaSettings settings;
    private final AttemptBlobs blobs;
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

    LambdaAdapter(String installation, LambdaSettings settings, @Nullable BlobStore blobs) {
        this(installation, settings, new AttemptBlobs(installation, blobs));
    }

    private LambdaAdapter(String installation, LambdaSettings settings, AttemptBlobs blobs) {
        this(installation, settings, blobs, () -> new Backend(installation, settings, blobs));
    }

    LambdaAdapter(
            String installation,
            LambdaSettings settings,
            AttemptBlobs blobs,
            Supplier<Backend> make) {
        this.installation = installation;
        this.settings = settings;
        this.blobs = blobs;
        this.make = make;
        this.policy = new LambdaPolicy(settings, blobs.areKept());
        this.checks = new WorkloadCheck(policy);
        Set<Capability> claims = EnumSet.noneOf(Capability.class);
        for (Mode mode : Mode.values()) {
            claims.addAll(mode.claims(blobs.areKept()));
        }
        if (blobs.areKept()) {
            // Of each mode's inputs: what is stored is told apart from what a step holds.
            claims.add(Capability.PROVISIONS_RESOURCES);
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
                capabilities.runtimeClasses(),
                mode.claims(blobs.areKept()),
                capabilities.maxInFlight());
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
    public Optional<WorkloadProblem> lack(Workload.Function function) {
        return policy.lack(function);
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
        Way way = backend().way(call.target().mode());
        way.require(call);
        earlier.require(attempt);
        way.hold(call);
        Map<String, String> state = new TreeMap<>(blobs.inputs.state(call, way.mostEventBytes()));
        switch (call.target().mode()) {
            case SYNC -> {}
            case ASYNC -> {
                if (blobs.areKept()) {
                    state.put(Records.STATE, Records.of(attempt).toString());
                }
            }
            case DURABLE -> state.putAll(Execution.of(installation, call).state());
        }
        state.put(ATTEMPT, Integer.toString(attempt.context().attempt()));
        state.put(MODE, call.target().mode().label());
        return new Handle(LambdaProvider.KIND, VERSION, attempt.externalName(), state);
    }

    private Call call(Attempt attempt) throws ProvisionException {
        Target target = checks.require(attempt);
        if (!isConfigured()) {
            throw new ProvisionException(Failures.notConfigured());
        }
        String tenant = attempt.context().tenant();
        Clients.Access access = new Clients.Access(policy.role(tenant, target), tenant);
        if (target.shape() != null) {
            Deployment deployment = deployment(tenant, function(attempt.workload()), target);
            String version = backend().deployments.version(deployment, access);
            target = target.deployed(deployment.functionName(), version);
        }
        Functions.Facts facts = backend().functions.facts(target, access);
        requireTenant(target, facts);
        requireProvider(tenant, target, facts);
        return new Call(attempt, target, access, facts);
    }

    private static Workload.Function function(Workload workload) {
        return switch (workload) {
            case Workload.Function function -> function;
            case Workload.Process _, Workload.Call _ ->
                    throw new IllegalArgumentException("only functions are targets of Lambda");
        };
    }

    private Deployment deployment(String tenant, Workload.Function function, Target target) {
        return Deployment.of(
                installation,
                tenant,
                function,
                Objects.requireNonNull(function.source(), "deploying is refused without a source"),
                target,
                Objects.requireNonNull(target.shape()),
                policy.deployRole(tenant));
    }

    @Override
    public void undeploy(String tenant, Workload.Function function) throws TeardownException {
        Target target = new Binding(function).target().orElse(null);
        if (target == null || target.shape() == null || !isConfigured()) {
            return;
        }
        if (policy.lack(function).isPresent()) {
            // Its name has the role in it. Without one nothing is deployed; what was, has its tags.
            return;
        }
        backend()
                .deployments
                .remove(
                        deployment(tenant, function, target),
                        new Clients.Access(policy.role(tenant, target), tenant));
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

    /** Calls share environments on Managed Instances, and a provider is one domain of trust. */
    private void requireProvider(String tenant, Target target, Functions.Facts facts)
            throws ProvisionException {
        String provider = facts.capacityProvider();
        boolean isKnown = facts.isolated() != null;
        if (target.managed() ? isKnown && provider == null : provider != null) {
            throw new ProvisionException(
                    Failures.invalid(
                            "function %s %s: %s runtime.lambda.managedInstances: true"
                                    .formatted(
                                            target,
                                            target.managed()
                                                    ? "does not run on Managed Instances"
                                                    : "runs on Managed Instances",
                                            target.managed() ? "remove" : "add")));
        }
        if (target.managed() && (provider == null || !policy.allowsProvider(tenant, provider))) {
            throw new ProvisionException(
                    Failures.notAllowed(
                            "function %s runs on instances of %s, which this Gantry does not allow: add its name to gantry.adapters.lambda.allowed-capacity-providers"
                                    .formatted(
                                            target,
                                            provider == null
                                                    ? "a provider that cannot be seen"
                                                    : provider)));
        }
    }

    @Override
    public CompletableFuture<Outcome> run(Handle handle, Attempt attempt, LogSink logs) {
        return observe(attempt, false, Way::run);
    }

    @Override
    public CompletableFuture<Outcome> reattach(Handle handle, Attempt attempt, LogSink logs) {
        return observe(attempt, true, Way::reattach);
    }

    private interface Observation {
        CompletableFuture<Way.Ended> begin(Way way, Call call)
                throws ExecutionException, ProvisionException;
    }

    /**
     * @param isBegun so that what keeps it from being looked at says nothing of it
     */
    private CompletableFuture<Outcome> observe(
            Attempt attempt, boolean isBegun, Observation observation) {
        CompletableFuture<Outcome> ending = new CompletableFuture<>();
        threads.execute(() -> {
            try {
                Call call = call(attempt);
                long mayRunUntil =
                        System.nanoTime()
                                + backend().way(call.target().mode()).longest(call).toNanos();
                var _ =
                        begun(call, mayRunUntil, observation)
                                .whenComplete((ended, failure) -> {
                                    if (ended == null) {
                                        lost(call, mayRunUntil);
                                        ending.completeExceptionally(cause(failure));
                                    } else {
                                        keep(call, ended, mayRunUntil);
                                        ending.complete(ended.outcome());
                                    }
                                });
            } catch (ProvisionException e) {
                if (isBegun) {
                    ending.completeExceptionally(unseen(attempt, e));
                } else {
                    ending.complete(new Outcome.Failed(e.failure(), null, Outcome.Usage.UNKNOWN));
                }
            } catch (ExecutionException | RuntimeException e) {
                ending.completeExceptionally(e);
            }
        });
        return ending;
    }

    private static Throwable cause(Throwable failure) {
        return failure instanceof CompletionException && failure.getCause() != null
                ? failure.getCause()
                : failure;
    }

    private static ExecutionException unseen(Attempt attempt, ProvisionException e) {
        return new ExecutionException(
                e.failure()
                        .of(
                                "%s cannot be observed".formatted(attempt.externalName()),
                                Progress.MAY_HAVE_COMMITTED),
                e);
    }

    private CompletableFuture<Way.Ended> begun(Call call, long mayRunUntil, Observation observation)
            throws ExecutionException, ProvisionException {
        try {
            return observation.begin(backend().way(call.target().mode()), call);
        } catch (ExecutionException e) {
            lost(call, mayRunUntil);
            throw e;
        }
    }

    private void keep(Call call, Way.Ended ended, long mayRunUntil) {
        if (ended.trace() != null) {
            traces.put(call.name(), ended.trace());
            earlier.hasEnded(call.attempt());
        } else if (ended.outcome() instanceof Outcome.Failed failed
                && failed.failure().progress() == Progress.MAY_HAVE_COMMITTED) {
            lost(call, mayRunUntil);
        }
    }

    /** What has a name is stopped before the next attempt begins; the rest must be waited for. */
    private void lost(Call call, long mayRunUntil) {
        if (call.target().mode() != Mode.DURABLE) {
            earlier.mayRun(call.attempt(), mayRunUntil);
        }
    }

    @Override
    public Probe probe(Handle handle, Attempt attempt) {
        try {
            Call call = call(attempt);
            Probe probe = backend().way(call.target().mode()).probe(call);
            if (probe instanceof Probe.Done) {
                earlier.hasEnded(attempt);
            }
            return probe;
        } catch (ProvisionException e) {
            return new Probe.Unknown(e.failure().message());
        }
    }

    @Override
    public CompletableFuture<Void> cancel(Handle handle, Duration grace) {
        CompletableFuture<Void> dead = new CompletableFuture<>();
        if (!handle.state().containsKey(MODE)) {
            // A stored input alone: nothing of it runs.
            return CompletableFuture.completedFuture(null);
        }
        threads.execute(() -> {
            try {
                backend().way(mode(handle)).cancel(handle);
                dead.complete(null);
            } catch (ExecutionException | RuntimeException e) {
                dead.completeExceptionally(e);
            }
        });
        return dead;
    }

    private static Mode mode(Handle handle) {
        return Mode.valueOf(
                Objects.requireNonNull(handle.state().get(MODE)).toUpperCase(Locale.ROOT));
    }

    @Override
    public void collect(Handle handle, Attempt attempt, Collector collector)
            throws ArtifactException {
        Trace known = traces.get(name(handle));
        List<Trace> logs =
                switch (mode(handle)) {
                    case SYNC -> Stream.ofNullable(known).toList();
                    case ASYNC ->
                            known == null && blobs.areKept()
                                    ? backend().async.traces(called(attempt))
                                    : Stream.ofNullable(known).toList();
                    case DURABLE -> backend().durable.traces(called(attempt));
                };
        if (!logs.isEmpty()) {
            backend().logs.collect(logs, collector, attempt.limits().maxLogBytes());
        }
    }

    private Call called(Attempt attempt) throws ArtifactException {
        try {
            return call(attempt);
        } catch (ProvisionException e) {
            throw new ArtifactException(e.failure(), e);
        }
    }

    /**
     * Nothing of an invocation is left on the backend but what is stored of it, and executions end
     * by themselves.
     */
    @Override
    public void teardown(Handle handle) throws TeardownException {
        if (handle.state().containsKey(MODE)) {
            traces.remove(name(handle));
            switch (mode(handle)) {
                case SYNC -> {}
                case ASYNC -> backend().async.forget(name(handle));
                case DURABLE -> backend().durable.forget(handle);
            }
        }
        blobs.remove(handle);
    }

    private static String name(Handle handle) {
        return Call.name(
                handle.externalName(),
                Integer.parseInt(Objects.requireNonNull(handle.state().get(ATTEMPT))));
    }

    @Override
    public List<OwnedResource> owned() throws ExecutionException {
        return blobs.owned();
    }

    @Override
    public void close() {
        Backend made = backend;
        if (made != null) {
            made.close();
        }
    }
}
