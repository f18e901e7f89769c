package dev.gantry.contract;

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
import dev.gantry.spi.Limits;
import dev.gantry.spi.LogSink;
import dev.gantry.spi.LogSink.Stream;
import dev.gantry.spi.Outcome;
import dev.gantry.spi.Outcome.Usage;
import dev.gantry.spi.OwnedResource;
import dev.gantry.spi.Probe;
import dev.gantry.spi.ProvisionException;
import dev.gantry.spi.RunnerAdapter;
import dev.gantry.spi.RuntimeClass;
import dev.gantry.spi.TeardownException;
import dev.gantry.spi.Workload;
import dev.gantry.spi.WorkloadProblem;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/** An adapter that keeps its promises, in steps small enough to break one at a time. */
class MemoryRunner implements RunnerAdapter {
    static final String KIND = "memory";

    final MemoryBackend backend;
    private final String installation;
    private final Set<Capability> claims;
    private final @Nullable Fault fault;
    private volatile boolean closed;

    /**
     * @param fault what is wrong between this instance and its backend, if anything
     */
    MemoryRunner(
            MemoryBackend backend,
            String installation,
            Set<Capability> claims,
            @Nullable Fault fault) {
        this.backend = backend;
        this.installation = installation;
        this.claims = claims;
        this.fault = fault;
    }

    final boolean isDown() {
        return fault == Fault.BACKEND_DOWN;
    }

    boolean can(Capability capability) {
        return claims.contains(capability);
    }

    @Override
    public Capabilities capabilities() {
        return new Capabilities(Set.of(RuntimeClass.CONTAINER), claims, 1_000);
    }

    @Override
    public Health health() {
        return isDown() ? Health.disconnected("switched off") : Health.connected("in memory");
    }

    @Override
    public List<WorkloadProblem> check(String tenant, Workload workload) {
        return switch (workload) {
            case Workload.Function function ->
                    WorkloadProblem.unknownKeys(
                            function.binding(), "", "the memory block", List.of("image", "size"));
            case Workload.Process process ->
                    IntStream.range(0, process.arguments().size())
                            .filter(i -> process.arguments().get(i).length() >= 128 * 1024)
                            .mapToObj(i ->
                                    new WorkloadProblem(
                                            "/arguments/" + i, "it is too long", null, null))
                            .toList();
            case Workload.Call _ ->
                    List.of(new WorkloadProblem("", "a call is made by Gantry itself", null, null));
        };
    }

    @Override
    public Handle provision(Attempt attempt) throws ProvisionException {
        List<WorkloadProblem> wrong = check(attempt.context().tenant(), attempt.workload());
        if (!wrong.isEmpty()) {
            throw new ProvisionException(
                    new Failure(
                            Code.INVALID_WORKLOAD,
                            wrong.getFirst().message(),
                            Actor.AUTHOR,
                            false,
                            Progress.NEVER_STARTED));
        }
        if (attempt.runtimeClass() != RuntimeClass.CONTAINER) {
            throw new ProvisionException(
                    new Failure(
                            Code.INVALID_WORKLOAD,
                            "runtime class %s is not served".formatted(attempt.runtimeClass()),
                            Actor.PLATFORM,
                            false,
                            Progress.NEVER_STARTED));
        }
        if (isDown()) {
            throw notProvisioned(null);
        }
        try {
            think();
            Box box = create(attempt);
            think();
            if (fault == Fault.REPLY_LOST_AFTER_CREATE) {
                throw notProvisioned(null);
            }
            return handle(box);
        } catch (InterruptedException e) {
            throw notProvisioned(e);
        }
    }

    private static ProvisionException notProvisioned(@Nullable Exception cause) {
        Failure failure = failure(Code.BACKEND_UNAVAILABLE, Progress.NEVER_STARTED);
        return cause == null
                ? new ProvisionException(failure)
                : new ProvisionException(failure, cause);
    }

    /** The time that a request takes. */
    final void think() throws InterruptedException {
        TimeUnit.MILLISECONDS.sleep(2);
    }

    Box create(Attempt attempt) throws InterruptedException {
        String name = attempt.externalName();
        while (true) {
            Box box = backend.createIfAbsent(name, new Box(attempt, labels(attempt)));
            if (box.attempt.context().attempt() >= attempt.context().attempt()) {
                return box;
            }
            end(box);
            backend.remove(name, box);
        }
    }

    Map<String, String> labels(Attempt attempt) {
        return attempt.context().labels();
    }

    void end(Box box) throws InterruptedException {
        stop(box);
        if (box.state() == Box.State.CREATED) {
            box.end(new Outcome.Cancelled(Outcome.Usage.UNKNOWN));
        }
        awaitEnd(box);
    }

    void stop(Box box) {
        box.kill();
    }

    private static void awaitEnd(Box box) throws InterruptedException {
        try {
            box.end.get();
        } catch (java.util.concurrent.ExecutionException e) {
            throw new IllegalStateException(e);
        }
    }

    Handle handle(Box box) {
        String attempt = Integer.toString(box.attempt.context().attempt());
        return new Handle(KIND, 1, box.attempt.externalName(), Map.of("attempt", attempt));
    }

    /** What the handle stands for, unless it is gone. */
    @Nullable Box box(Handle handle) {
        Box box = backend.find(handle.externalName());
        return box != null && handle(box).state().equals(handle.state()) ? box : null;
    }

    @Override
    public CompletableFuture<Outcome> run(Handle handle, Attempt attempt, LogSink logs) {
        Box box = box(handle);
        if (box == null) {
            return lost();
        }
        begin(box);
        return observe(box, attempt, logs);
    }

    void begin(Box box) {
        backend.begin(box);
    }

    @Override
    public CompletableFuture<Outcome> reattach(Handle handle, Attempt attempt, LogSink logs) {
        Box box = box(handle);
        return box == null ? lost() : observe(box, attempt, logs);
    }

    final <T> CompletableFuture<T> lost() {
        return CompletableFuture.failedFuture(new ExecutionException(lostSight()));
    }

    Failure lostSight() {
        return failure(Code.LOST, Progress.MAY_HAVE_COMMITTED);
    }

    CompletableFuture<Outcome> observe(Box box, Attempt attempt, LogSink logs) {
        CompletableFuture<Outcome> outcome = new CompletableFuture<>();
        start(() -> observe(box, logs, outcome));
        return outcome.thenApply(it -> told(it, attempt));
    }

    void start(Runnable observation) {
        Thread.startVirtualThread(observation);
    }

    private void observe(Box box, LogSink logs, CompletableFuture<Outcome> outcome) {
        try {
            // The ending is read before the logs, so that the logs are complete when it is told.
            Outcome ended = box.end.getNow(null);
            while (!isBlind()) {
                stream(box, logs);
                if (ended != null) {
                    outcome.complete(ended);
                    return;
                }
                TimeUnit.MILLISECONDS.sleep(2);
                ended = box.end.getNow(null);
            }
            outcome.completeExceptionally(new ExecutionException(lostSight()));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Whether it can see nothing of its backend any more. */
    boolean isBlind() {
        return closed || fault == Fault.CONNECTION_LOST_WHILE_RUNNING;
    }

    void stream(Box box, LogSink logs) {
        pump(box, logs);
    }

    int chunkBytes() {
        return 16 * 1024;
    }

    void pump(Box box, LogSink logs) {
        for (Stream stream : Stream.values()) {
            long end = printed(box, stream);
            long offset = from(box, stream, logs);
            while (offset < end && !closed) {
                int count = (int) Math.min(chunkBytes(), end - offset);
                deliver(logs, stream, offset, content(box, stream, offset, count));
                offset += count;
            }
        }
    }

    byte[] content(Box box, Stream stream, long offset, int count) {
        return box.content(stream, offset, count);
    }

    long printed(Box box, Stream stream) {
        return box.printed(stream);
    }

    long from(Box box, Stream stream, LogSink logs) {
        return logs.position(stream);
    }

    void deliver(LogSink logs, Stream stream, long offset, byte[] bytes) {
        logs.write(stream, offset, bytes);
    }

    private Outcome told(Outcome outcome, Attempt attempt) {
        return with(ending(outcome, attempt), usage(outcome, attempt));
    }

    static Outcome with(Outcome outcome, Usage usage) {
        return switch (outcome) {
            case Outcome.Succeeded(byte[] output, _) -> new Outcome.Succeeded(output, usage);
            case Outcome.Failed(var failure, var process, _) ->
                    new Outcome.Failed(failure, process, usage);
            case Outcome.Cancelled _ -> new Outcome.Cancelled(usage);
        };
    }

    static Usage measured(Outcome outcome) {
        return switch (outcome) {
            case Outcome.Succeeded(_, var usage) -> usage;
            case Outcome.Failed(_, _, var usage) -> usage;
            case Outcome.Cancelled(var usage) -> usage;
        };
    }

    /** What the adapter says of an attempt's usage. */
    Usage usage(Outcome outcome, Attempt attempt) {
        Usage measured = can(Capability.USAGE) ? measured(outcome) : Usage.UNKNOWN;
        Limits asked = attempt.limits();
        return new Usage(
                null,
                measured.cpuMillis(),
                measured.peakMemoryBytes(),
                can(Capability.CPU_LIMIT)
                        ? Objects.requireNonNullElse(asked.cpuMillis(), 1_000)
                        : null,
                can(Capability.MEMORY_LIMIT)
                        ? Objects.requireNonNullElse(asked.memoryBytes(), 512L << 20)
                        : null,
                Map.of());
    }

    /** What the adapter makes of an ending. */
    Outcome ending(Outcome outcome, Attempt attempt) {
        if (outcome instanceof Outcome.Succeeded(byte[] output, var usage)
                && output.length > attempt.limits().maxOutputBytes()) {
            String message =
                    "the result has %d bytes, at most %d are allowed"
                            .formatted(output.length, attempt.limits().maxOutputBytes());
            return new Outcome.Failed(
                    new Failure(
                            Code.OUTPUT_TOO_LARGE, message, Actor.AUTHOR, false, Progress.ENDED),
                    null,
                    usage);
        }
        return outcome;
    }

    @Override
    public Probe probe(Handle handle, Attempt attempt) {
        if (isDown()) {
            return new Probe.Unknown("switched off");
        }
        Box box = box(handle);
        if (box == null) {
            return new Probe.Gone();
        }
        return switch (box.state()) {
            case CREATED -> new Probe.NeverStarted();
            case RUNNING -> new Probe.Running();
            case ENDED -> new Probe.Done(told(box.end.join(), attempt));
        };
    }

    @Override
    public CompletableFuture<Void> cancel(Handle handle, Duration grace) {
        if (isDown()) {
            return lost();
        }
        Box box = box(handle);
        if (box == null) {
            return CompletableFuture.completedFuture(null);
        }
        if (!can(Capability.CANCEL)) {
            return lost();
        }
        return CompletableFuture.runAsync(() -> cancel(box, grace), Thread::startVirtualThread);
    }

    void cancel(Box box, Duration grace) {
        if (box.state() == Box.State.CREATED) {
            box.end(new Outcome.Cancelled(Outcome.Usage.UNKNOWN));
        }
        box.requestStop();
        box.end
                .copy()
                .orTimeout(grace.toNanos(), TimeUnit.NANOSECONDS)
                .exceptionally(_ -> null)
                .join();
        stop(box);
        box.end.join();
    }

    @Override
    public void collect(Handle handle, Attempt attempt, Collector collector)
            throws ArtifactException {
        Box box = box(handle);
        if (box == null) {
            throw new ArtifactException(failure(Code.LOST, Progress.ENDED));
        }
        pump(box, collector);
        try {
            sendFiles(box, collector);
        } catch (IOException e) {
            throw new ArtifactException(failure(Code.BACKEND_UNAVAILABLE, Progress.ENDED), e);
        }
    }

    void sendFiles(Box box, Collector collector) throws IOException {
        if (!can(Capability.ARTIFACTS)) {
            return;
        }
        for (Map.Entry<String, Long> file : box.files.entrySet()) {
            if (collector.wants(file.getKey(), file.getValue())) {
                collector.artifact(file.getKey(), file.getValue(), content(file.getValue()));
            }
        }
    }

    InputStream content(long bytes) {
        return new ByteArrayInputStream(LogPattern.bytes(Stream.STDOUT, 0, Math.toIntExact(bytes)));
    }

    @Override
    public void teardown(Handle handle) throws TeardownException {
        Box box = box(handle);
        if (box != null) {
            backend.remove(handle.externalName(), box);
        }
    }

    @Override
    public List<OwnedResource> owned() throws ExecutionException {
        if (isDown()) {
            throw new ExecutionException(failure(Code.BACKEND_UNAVAILABLE, Progress.NEVER_STARTED));
        }
        return backend.all().stream()
                .filter(_ -> can(Capability.PROVISIONS_RESOURCES))
                .filter(this::isOwned)
                .map(box -> new OwnedResource(handle(box), box.labels, box.createdAt))
                .toList();
    }

    boolean isOwned(Box box) {
        return box.attempt.context().installation().equals(installation);
    }

    @Override
    public void close() {
        closed = true;
    }

    static Failure failure(String code, Progress progress) {
        return new Failure(
                code, "the backend in memory did not answer", Actor.BACKEND, true, progress);
    }
}
