package dev.gantry.orchestrator.execution;

import dev.gantry.orchestrator.id.Need;
import dev.gantry.orchestrator.id.TenantId;
import dev.gantry.orchestrator.runner.Runners;
import dev.gantry.spi.ArtifactException;
import dev.gantry.spi.Attempt;
import dev.gantry.spi.Capabilities;
import dev.gantry.spi.Capability;
import dev.gantry.spi.Collector;
import dev.gantry.spi.ExecutionException;
import dev.gantry.spi.Failure;
import dev.gantry.spi.Handle;
import dev.gantry.spi.Health;
import dev.gantry.spi.Limits;
import dev.gantry.spi.LogSink;
import dev.gantry.spi.Outcome;
import dev.gantry.spi.OwnedResource;
import dev.gantry.spi.Probe;
import dev.gantry.spi.ProvisionException;
import dev.gantry.spi.RunnerAdapter;
import dev.gantry.spi.RuntimeClass;
import dev.gantry.spi.TeardownException;
import dev.gantry.spi.Workload;
import java.time.Duration;
import java.time.Instant;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * A backend in memory that outlives the nodes that use it, and the runners of such a node. A step
 * gives its input back at once, or waits until the test ends it.
 */
final class Stage implements Runners, RunnerAdapter {
    /** How often each attempt was begun, by external name and number. */
    final Map<String, Integer> begun = new ConcurrentSkipListMap<>();

    final Map<String, Integer> reattached = new ConcurrentSkipListMap<>();
    final Set<String> tornDown = ConcurrentHashMap.newKeySet();
    final Map<String, OwnedResource> resources = new ConcurrentSkipListMap<>();
    private final Map<String, CompletableFuture<Outcome>> running = new ConcurrentSkipListMap<>();

    /** Tasks whose steps wait for the test, by name. */
    final Set<String> held = ConcurrentHashMap.newKeySet();

    /** What it tells with every ending. */
    volatile Outcome.Usage usage = Outcome.Usage.UNKNOWN;

    /** The failure of a task's steps, by name. */
    final Map<String, Failure> failing = new ConcurrentHashMap<>();

    /** The trace contexts that steps were run in. */
    final Set<String> traceparents = ConcurrentHashMap.newKeySet();

    /** Tasks whose steps the adapter breaks on, by name. */
    final Set<String> breaking = ConcurrentHashMap.newKeySet();

    /** Tasks whose steps the backend tells nothing about when it is asked first, by name. */
    final Set<String> unsure = ConcurrentHashMap.newKeySet();

    volatile Health health = Health.connected("stage");

    /** Whether it is as a call that Gantry makes itself: nothing is left to be asked. */
    volatile boolean forgetful;

    /** Functions, as namespace/name, of which nothing is left to be asked. */
    final Set<String> forgetfulOf = ConcurrentHashMap.newKeySet();

    /** The limits of attempts, by task. */
    final Map<String, Limits> limits = new ConcurrentHashMap<>();

    /** How often it still refuses to provision, as if it were away. */
    final AtomicInteger refusals = new AtomicInteger();

    /** Takes steps while the stage is away; it is the stage all the same. */
    volatile @Nullable String standIn;

    /** Who has a place, and how many times. */
    final Map<Holder, Integer> holders = new ConcurrentHashMap<>();

    /** How often each resource was torn down. */
    final Map<String, Integer> teardowns = new ConcurrentSkipListMap<>();

    /** How often it was asked what it has. */
    final AtomicInteger looks = new AtomicInteger();

    /** What the backend says instead of what it has. */
    volatile @Nullable Failure blind;

    /** Why nothing can be torn down. */
    volatile @Nullable Failure stuck;

    /** Why nothing can be collected. */
    volatile @Nullable Failure uncollectable;

    /** Where everybody waits for a place, if not null. */
    volatile @Nullable Line line;

    volatile Capabilities capabilities =
            capabilities(
                    Capability.PROVISIONS_RESOURCES,
                    Capability.REATTACH,
                    Capability.CANCEL,
                    Capability.IDEMPOTENT_TEARDOWN);

    static Capabilities capabilities(Capability... claims) {
        return new Capabilities(EnumSet.allOf(RuntimeClass.class), Set.of(claims), 1_000);
    }

    private static final Capabilities FORGETFUL =
            new Capabilities(EnumSet.allOf(RuntimeClass.class), Set.of(Capability.CANCEL), 1_000);

    private static String task(Attempt attempt) {
        String pointer = attempt.context().taskPointer();
        return pointer.substring(pointer.lastIndexOf('/') + 1);
    }

    /** What runs and waits for the test. */
    Set<String> waiting() {
        return running.keySet();
    }

    void finish(String externalName, Outcome outcome) {
        CompletableFuture<Outcome> future = running.remove(externalName);
        if (future == null) {
            throw new AssertionError(externalName + " does not run; " + running.keySet() + " do");
        }
        future.complete(outcome);
    }

    static Outcome succeeded(String json) {
        return new Outcome.Succeeded(
                json.getBytes(java.nio.charset.StandardCharsets.UTF_8), Outcome.Usage.UNKNOWN);
    }

    @Override
    public List<AdapterView> list() {
        return List.of(new AdapterView("stage", capabilities, health, Instant.EPOCH, 0, 0));
    }

    @Override
    public RunnerAdapter adapter(String kind) {
        return this;
    }

    @Override
    public Health health(String kind) {
        return kind.equals(standIn) ? Health.connected(kind) : health;
    }

    @Override
    public Placement place(TenantId tenant, Need need) {
        String other = standIn;
        return other == null || health.isConnected()
                ? new Placement(need.classes().getFirst(), "stage")
                : new Placement(need.classes().getLast(), other);
    }

    @Override
    public @Nullable Instant awaySince(String kind) {
        return health(kind).isConnected() ? null : Instant.EPOCH;
    }

    @Override
    public void doubt(String kind) {}

    @Override
    public Slot hold(String kind, @Nullable Limit limit, Holder holder) {
        holders.merge(holder, 1, Integer::sum);
        AtomicInteger open = new AtomicInteger(1);
        return () ->
                holders.computeIfPresent(
                        holder,
                        (one, times) -> {
                            int left = times - open.getAndSet(0);
                            return left == 0 ? null : left;
                        });
    }

    @Override
    public Claim claim(String kind, @Nullable Limit limit, Holder holder) {
        Line queue = line;
        CompletableFuture<Slot> slot =
                queue == null
                        ? CompletableFuture.completedFuture(hold(kind, limit, holder))
                        : new CompletableFuture<>();
        return new Claim() {
            @Override
            public CompletableFuture<Slot> slot() {
                return slot;
            }

            @Override
            public @Nullable Line line() {
                return queue;
            }
        };
    }

    @Override
    public Capabilities capabilities() {
        return forgetful ? FORGETFUL : capabilities;
    }

    @Override
    public Capabilities capabilities(Workload workload) {
        return workload instanceof Workload.Function function
                        && forgetfulOf.contains(function.name())
                ? FORGETFUL
                : capabilities();
    }

    @Override
    public Health health() {
        return health;
    }

    @Override
    public Handle provision(Attempt attempt) throws ProvisionException {
        if (refusals.getAndDecrement() > 0) {
            throw new ProvisionException(
                    new Failure(
                            Failure.Code.BACKEND_UNAVAILABLE,
                            "the stage is dark",
                            Failure.Actor.BACKEND,
                            true,
                            Failure.Progress.NEVER_STARTED));
        }
        limits.put(task(attempt), attempt.limits());
        Handle handle = new Handle("stage", 1, attempt.externalName(), Map.of());
        resources.put(
                attempt.externalName(),
                new OwnedResource(handle, attempt.context().labels(), Instant.now()));
        return handle;
    }

    @Override
    public CompletableFuture<Outcome> run(Handle handle, Attempt attempt, LogSink logs) {
        begun.merge(handle.externalName() + " " + attempt.context().attempt(), 1, Integer::sum);
        if (attempt.context().traceparent() != null) {
            traceparents.add(attempt.context().traceparent());
        }
        if (breaking.contains(task(attempt))) {
            throw new IllegalStateException("out of order");
        }
        Failure failure = failing.get(task(attempt));
        if (failure != null) {
            return CompletableFuture.completedFuture(new Outcome.Failed(failure, null, usage));
        }
        if (held.contains(task(attempt))) {
            CompletableFuture<Outcome> future = new CompletableFuture<>();
            running.put(handle.externalName(), future);
            return future.thenApply(outcome -> outcome);
        }
        return CompletableFuture.completedFuture(new Outcome.Succeeded(attempt.input(), usage));
    }

    @Override
    public Probe probe(Handle handle, Attempt attempt) {
        if (unsure.remove(task(attempt))) {
            return new Probe.Unknown("the backend does not answer");
        }
        if (running.containsKey(handle.externalName())) {
            return new Probe.Running();
        }
        return begun.containsKey(handle.externalName() + " " + attempt.context().attempt())
                ? new Probe.Done(new Outcome.Succeeded(attempt.input(), Outcome.Usage.UNKNOWN))
                : new Probe.NeverStarted();
    }

    @Override
    public CompletableFuture<Outcome> reattach(Handle handle, Attempt attempt, LogSink logs) {
        reattached.merge(handle.externalName(), 1, Integer::sum);
        CompletableFuture<Outcome> future = running.get(handle.externalName());
        return future == null
                ? CompletableFuture.completedFuture(
                        new Outcome.Succeeded(attempt.input(), Outcome.Usage.UNKNOWN))
                : future.thenApply(outcome -> outcome);
    }

    @Override
    public CompletableFuture<Void> cancel(Handle handle, Duration grace) {
        CompletableFuture<Outcome> future = running.remove(handle.externalName());
        if (future != null) {
            future.complete(new Outcome.Cancelled(usage));
        }
        return CompletableFuture.completedFuture(null);
    }

    @Override
    public void collect(Handle handle, Attempt attempt, Collector collector)
            throws ArtifactException {
        Failure failure = uncollectable;
        if (failure != null) {
            throw new ArtifactException(failure);
        }
    }

    @Override
    public void teardown(Handle handle) throws TeardownException {
        teardowns.merge(handle.externalName(), 1, Integer::sum);
        Failure failure = stuck;
        if (failure != null) {
            throw new TeardownException(failure);
        }
        tornDown.add(handle.externalName());
        resources.remove(handle.externalName());
    }

    @Override
    public List<OwnedResource> owned() throws ExecutionException {
        looks.incrementAndGet();
        Failure failure = blind;
        if (failure != null) {
            throw new ExecutionException(failure);
        }
        return List.copyOf(resources.values());
    }

    @Override
    public void close() {}
}
