package dev.gantry.adapter.docker;

import com.github.dockerjava.api.DockerClient;
import com.github.dockerjava.api.exception.DockerException;
import com.github.dockerjava.api.exception.NotFoundException;
import com.github.dockerjava.api.exception.NotModifiedException;
import com.github.dockerjava.api.model.Version;
import com.github.dockerjava.transport.DockerHttpClient;
import dev.gantry.process.Awaiting;
import dev.gantry.process.ProcessStart;
import dev.gantry.process.Refusal;
import dev.gantry.process.WorkloadCheck;
import dev.gantry.spi.ArtifactException;
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
import dev.gantry.spi.TeardownException;
import dev.gantry.spi.Workload;
import dev.gantry.spi.WorkloadProblem;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.concurrent.Executors;
import java.util.concurrent.locks.ReentrantLock;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Runs each attempt in a container of its own. */
final class DockerAdapter implements RunnerAdapter {
    private static final int HEALTH_SECONDS = 5;

    private final URI host;
    private final DockerClient docker;
    private final WorkloadCheck<ContainerPlan> checks;
    private final Signals signals;
    private final Backend backend;
    private final Streams streams;
    private final ContainerFiles files;
    private final Containers containers;
    private final Ownership ownership;
    private final Capabilities capabilities;
    private final Executor threads =
            Executors.newThreadPerTaskExecutor(Thread.ofVirtual().name("docker-", 0).factory());

    /** Beginning and stopping one container do not overlap; one lock serves many containers. */
    private final ReentrantLock[] locks =
            Stream.generate(ReentrantLock::new).limit(64).toArray(ReentrantLock[]::new);

    /** What sinks of this instance have of containers that have ended. */
    private final Map<String, Watch.Delivered> delivered = new ConcurrentHashMap<>();

    /** Containers that were asked to stop: their end is a cancellation, and they begin no more. */
    private final Set<String> cancelled = ConcurrentHashMap.newKeySet();

    DockerAdapter(
            String installation,
            DockerSettings settings,
            URI host,
            DockerClient docker,
            DockerHttpClient calls,
            Streams streams) {
        this.host = host;
        this.docker = docker;
        this.streams = streams;
        this.checks =
                new WorkloadCheck<>(
                        ContainerPlan::of, new DockerPolicy(settings), settings.limits());
        this.files = new ContainerFiles(docker);
        this.containers = new Containers(docker, calls, settings, files);
        this.signals = new Signals(streams, installation, threads);
        this.backend = new Backend(containers, streams, files, signals);
        this.ownership = new Ownership(docker, containers, installation);
        this.capabilities =
                new Capabilities(
                        Set.of(RuntimeClass.CONTAINER),
                        Set.of(
                                Capability.PROVISIONS_RESOURCES,
                                Capability.REATTACH,
                                Capability.CANCEL,
                                Capability.LOG_STREAMING,
                                Capability.ARTIFACTS,
                                Capability.CPU_LIMIT,
                                Capability.MEMORY_LIMIT,
                                Capability.IDEMPOTENT_TEARDOWN,
                                Capability.SCALE_TO_ZERO,
                                Capability.USAGE),
                        settings.maxInFlight());
    }

    @Override
    public Capabilities capabilities() {
        return capabilities;
    }

    @Override
    public Health health() {
        CompletableFuture<Version> answer =
                CompletableFuture.supplyAsync(() -> docker.versionCmd().exec(), threads);
        try {
            Version version =
                    answer.orTimeout(HEALTH_SECONDS, java.util.concurrent.TimeUnit.SECONDS).join();
            return Health.connected(
                    "Docker %s, API %s".formatted(version.getVersion(), version.getApiVersion()));
        } catch (CompletionException e) {
            Exception cause = e.getCause() instanceof Exception known ? known : e;
            return Health.disconnected(
                    Failures.unavailable("no connection", cause, Progress.NEVER_STARTED).message());
        }
    }

    @Override
    public List<WorkloadProblem> check(String tenant, Workload workload) {
        return checks.problems(tenant, workload);
    }

    @Override
    public Handle provision(Attempt attempt) throws ProvisionException {
        if (attempt.runtimeClass() != RuntimeClass.CONTAINER) {
            throw new ProvisionException(
                    Refusal.invalid(
                            "Docker serves runtime class 'container', not '%s'"
                                    .formatted(attempt.runtimeClass().label())));
        }
        return containers.provision(attempt, checks.require(attempt));
    }

    @Override
    public CompletableFuture<Outcome> run(Handle handle, Attempt attempt, LogSink logs) {
        return observe(handle, attempt, logs, true);
    }

    @Override
    public CompletableFuture<Outcome> reattach(Handle handle, Attempt attempt, LogSink logs) {
        return observe(handle, attempt, logs, false);
    }

    private CompletableFuture<Outcome> observe(
            Handle handle, Attempt attempt, LogSink logs, boolean start) {
        return Awaiting.on(threads, () -> observed(container(handle), attempt, logs, start));
    }

    private Outcome observed(String container, Attempt attempt, LogSink logs, boolean start)
            throws ExecutionException {
        ContainerPlan plan = ContainerPlan.of(attempt.workload());
        signals.listen();
        // Open until the end: closing it earlier would take away input that is not read yet.
        try (Connection connection = new Connection(host, container, threads)) {
            Outcome notBegun = start ? beginUnlessCancelled(container, connection) : null;
            if (notBegun != null) {
                return notBegun;
            }
            connection.offer(ProcessStart.stdin(plan.process(), attempt));
            Watch watch = new Watch(backend, container, attempt, plan, logs);
            try (Meter meter = new Meter(streams, container)) {
                threads.execute(() -> meter.measure(start));
                Seen ended = watch.toTheEnd(connection.feed());
                delivered.put(container, watch.delivered());
                return watch.outcome(ended, cancelled.contains(container), meter.last());
            }
        }
    }

    private @Nullable Outcome beginUnlessCancelled(String container, Connection connection)
            throws ExecutionException {
        ReentrantLock lock = lock(container);
        lock.lock();
        try {
            Seen before = inspect(container);
            if (cancelled.contains(container) && (before == null || before.isCreated())) {
                return new Outcome.Cancelled(Outcome.Usage.UNKNOWN);
            }
            return before != null && before.isCreated() ? begin(container, connection) : null;
        } finally {
            lock.unlock();
        }
    }

    private ReentrantLock lock(String container) {
        return locks[Math.floorMod(container.hashCode(), locks.length)];
    }

    private @Nullable Seen inspect(String container) throws ExecutionException {
        try {
            return containers.inspect(container);
        } catch (RuntimeException e) {
            throw new ExecutionException(
                    Failures.of(
                            "container %s cannot be seen".formatted(container),
                            e,
                            Progress.MAY_HAVE_COMMITTED),
                    e);
        }
    }

    /** An outcome only if the engine refuses to start it. */
    private @Nullable Outcome begin(String container, Connection connection)
            throws ExecutionException {
        try {
            connection.openWhole();
            docker.startContainerCmd(container).exec();
            return null;
        } catch (NotModifiedException e) {
            return null;
        } catch (DockerException e) {
            return new Outcome.Failed(
                    new Failure(
                            Failure.Code.INVALID_WORKLOAD,
                            "the engine cannot start the workload: " + e.getMessage(),
                            Actor.AUTHOR,
                            false,
                            Progress.NEVER_STARTED),
                    null,
                    Outcome.Usage.UNKNOWN);
        } catch (IOException | RuntimeException e) {
            throw new ExecutionException(
                    Failures.unavailable(
                            "container %s may or may not have been started".formatted(container),
                            e,
                            Progress.MAY_HAVE_COMMITTED),
                    e);
        }
    }

    @Override
    public Probe probe(Handle handle, Attempt attempt) {
        String container = container(handle);
        try {
            Seen now = containers.inspect(container);
            if (now == null) {
                return new Probe.Gone();
            }
            if (now.isCreated()) {
                return new Probe.NeverStarted();
            }
            if (now.isRunning()) {
                return new Probe.Running();
            }
            Watch watch =
                    new Watch(
                            backend,
                            container,
                            attempt,
                            ContainerPlan.of(attempt.workload()),
                            null);
            IOException failure = watch.readLog();
            if (failure != null) {
                return new Probe.Unknown(
                        "the log of container %s cannot be read: %s"
                                .formatted(handle.externalName(), failure.getMessage()));
            }
            return new Probe.Done(
                    watch.outcome(now, cancelled.contains(container), Meter.Sample.NONE));
        } catch (ExecutionException | RuntimeException e) {
            return new Probe.Unknown(
                    "container %s cannot be seen: %s"
                            .formatted(handle.externalName(), e.getMessage()));
        }
    }

    @Override
    public CompletableFuture<Void> cancel(Handle handle, Duration grace) {
        String container = container(handle);
        cancelled.add(container);
        return CompletableFuture.runAsync(
                () -> {
                    try {
                        stop(container, grace);
                    } catch (ExecutionException e) {
                        throw new CompletionException(e);
                    }
                },
                threads);
    }

    /** What is beginning now has begun, or never will, once the lock is free. */
    private @Nullable Seen seenNotBeginning(String container) {
        ReentrantLock lock = lock(container);
        lock.lock();
        try {
            return containers.inspect(container);
        } finally {
            lock.unlock();
        }
    }

    private void stop(String container, Duration grace) throws ExecutionException {
        String doing = "container %s cannot be stopped".formatted(container);
        try {
            Seen now = seenNotBeginning(container);
            if (now == null || !now.isRunning()) {
                return;
            }
            int seconds = (int) Math.max(1, Math.min(Integer.MAX_VALUE, grace.toSeconds()));
            docker.stopContainerCmd(container).withTimeout(seconds).exec();
            for (int n = 0; n < 100; n++) {
                now = containers.inspect(container);
                if (now == null || !now.isRunning()) {
                    return;
                }
                Thread.sleep(100);
            }
            throw new ExecutionException(
                    new Failure(
                            Failure.Code.BACKEND_REFUSED,
                            doing + ": it runs on",
                            Actor.BACKEND,
                            true,
                            Progress.MAY_HAVE_COMMITTED));
        } catch (NotFoundException | NotModifiedException e) {
            // It ended by itself.
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new ExecutionException(
                    Failures.unavailable(doing, e, Progress.MAY_HAVE_COMMITTED), e);
        } catch (RuntimeException e) {
            throw new ExecutionException(Failures.of(doing, e, Progress.MAY_HAVE_COMMITTED), e);
        }
    }

    @Override
    public void collect(Handle handle, Attempt attempt, Collector collector)
            throws ArtifactException {
        String container = container(handle);
        String doing = "the output of container %s cannot be had".formatted(handle.externalName());
        try {
            Seen now = containers.inspect(container);
            if (now == null || now.isCreated()) {
                return;
            }
            Watch.Delivered known = delivered.get(container);
            IOException failure =
                    known != null && known.isWith(collector)
                            ? null
                            : new Watch(
                                            backend,
                                            container,
                                            attempt,
                                            ContainerPlan.of(attempt.workload()),
                                            collector)
                                    .readLog();
            if (failure != null) {
                throw failure;
            }
            files.artifacts(container, collector);
        } catch (IOException e) {
            throw new ArtifactException(Failures.unavailable(doing, e, Progress.ENDED), e);
        } catch (RuntimeException e) {
            throw new ArtifactException(Failures.of(doing, e, Progress.ENDED), e);
        }
    }

    @Override
    public void teardown(Handle handle) throws TeardownException {
        String container = container(handle);
        try {
            Seen now = containers.inspect(container);
            if (now != null && now.isKept()) {
                return;
            }
            containers.remove(container, Objects.requireNonNull(handle.state().get("volume")));
            cancelled.remove(container);
            delivered.remove(container);
            signals.forget(container);
        } catch (RuntimeException e) {
            throw new TeardownException(
                    Failures.of(
                            "container %s cannot be removed".formatted(handle.externalName()),
                            e,
                            Progress.ENDED),
                    e);
        }
    }

    @Override
    public List<OwnedResource> owned() throws ExecutionException {
        return ownership.owned();
    }

    private static String container(Handle handle) {
        return Objects.requireNonNull(handle.state().get("container"));
    }

    @Override
    public void close() {
        signals.close();
        try {
            docker.close();
            streams.close();
        } catch (IOException e) {
            throw new UncheckedIOException("the connections to the engine could not be closed", e);
        }
    }
}
