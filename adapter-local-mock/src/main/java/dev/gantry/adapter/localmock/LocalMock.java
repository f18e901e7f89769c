package dev.gantry.adapter.localmock;

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
import dev.gantry.spi.RuntimeClass;
import dev.gantry.spi.TeardownException;
import dev.gantry.spi.Workload;
import dev.gantry.spi.WorkloadProblem;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Runs steps as deterministic fakes, as a {@link MockScript} says. Without one every step succeeds
 * at once with its input as the result. With a ledger it behaves like a backend that outlives the
 * process: another instance on the same ledger sees what runs, and goes on observing it.
 */
public final class LocalMock implements RunnerAdapter {
    public static final String KIND = "local-mock";
    private static final int VERSION = 1;
    private static final String ATTEMPT = "attempt";
    private static final Map<String, String> FIRST_ATTEMPT = Map.of(ATTEMPT, "1");

    private final MockScript script;
    private final Capabilities capabilities;
    // The ledger tells milliseconds, so nobody may see finer differences.
    private final InstantSource clock = () -> Instant.now().truncatedTo(ChronoUnit.MILLIS);
    private final Instant created;
    private final Consumer<Attempt> onRun;
    private final PretendedBackend backend;
    private final Tally tally = new Tally();
    private final Set<Handle> cancelled = ConcurrentHashMap.newKeySet();
    private volatile @Nullable String disconnected;

    private LocalMock(Builder builder, Resources resources) {
        this.script = builder.script;
        this.created = clock.instant();
        this.onRun = builder.onRun;
        this.backend = new PretendedBackend(resources, clock);
        this.capabilities =
                new Capabilities(
                        EnumSet.copyOf(RuntimeClass.PLACED),
                        claims(resources.areShared()),
                        builder.maxInFlight);
    }

    private static Set<Capability> claims(boolean survives) {
        Set<Capability> claims =
                EnumSet.of(
                        Capability.CANCEL,
                        Capability.LOG_STREAMING,
                        Capability.ARTIFACTS,
                        Capability.IDEMPOTENT_TEARDOWN,
                        Capability.SCALE_TO_ZERO);
        if (survives) {
            claims.add(Capability.PROVISIONS_RESOURCES);
            claims.add(Capability.REATTACH);
        }
        return claims;
    }

    public static Builder builder() {
        return new Builder();
    }

    /** Makes a mock; everything has a default. */
    public static final class Builder {
        /** More than anybody runs on one machine: the mock itself sets no limit. */
        static final int DEFAULT_MAX_IN_FLIGHT = 1_000_000;

        private MockScript script = MockScript.builder().build();
        private String installation = "local";
        private int maxInFlight = DEFAULT_MAX_IN_FLIGHT;
        private Consumer<Attempt> onRun = _ -> {};
        private @Nullable Path ledger;

        private Builder() {}

        public Builder script(MockScript newScript) {
            script = newScript;
            return this;
        }

        /** Whose resources are seen in the ledger. */
        public Builder installation(String newInstallation) {
            installation = newInstallation;
            return this;
        }

        /** At least 1. */
        public Builder maxInFlight(int newMaxInFlight) {
            maxInFlight = newMaxInFlight;
            return this;
        }

        /**
         * Called whenever a workload begins, on the thread that begins it, so that a test can count
         * and look at what was run.
         */
        public Builder onRun(Consumer<Attempt> listener) {
            onRun = listener;
            return this;
        }

        /** A file that keeps what happened, or an existing folder for it. */
        public Builder ledger(Path fileOrFolder) {
            ledger = fileOrFolder;
            return this;
        }

        LocalMock build(Resources resources) {
            return new LocalMock(this, resources);
        }

        /**
         * @throws UncheckedIOException when the ledger cannot be opened
         */
        public LocalMock build() {
            if (ledger == null) {
                return build(new Resources.InMemory());
            }
            try {
                return build(new LedgerResources(new LedgerFile(ledger), installation));
            } catch (IOException e) {
                throw new UncheckedIOException(
                        "ledger '%s' cannot be opened: %s".formatted(ledger, e.getMessage()), e);
            }
        }
    }

    /** From now on the mock behaves as if its backend could not be reached. */
    public void disconnect(String reason) {
        disconnected = reason;
    }

    /** Ends what {@link #disconnect} began. */
    public void connect() {
        disconnected = null;
    }

    /** Why the backend cannot be reached now, or null if it can. */
    private @Nullable String outage() {
        String asked = disconnected;
        Outage scripted = script.outage();
        if (asked != null || scripted == null) {
            return asked;
        }
        return scripted.isAt(clock.instant(), created) ? scripted.reason() : null;
    }

    @Override
    public Capabilities capabilities() {
        return capabilities;
    }

    @Override
    public Health health() {
        String outage = outage();
        return outage == null
                ? Health.connected("local mock, " + script.summary())
                : Health.disconnected(outage);
    }

    @Override
    public List<WorkloadProblem> check(String tenant, Workload workload) {
        return workload instanceof Workload.Function function
                ? ScriptReader.mistakes(function.binding()).stream()
                        .map(Mistake::asProblem)
                        .toList()
                : List.of();
    }

    @Override
    public Handle provision(Attempt attempt) throws ProvisionException {
        String outage = outage();
        if (outage != null) {
            throw new ProvisionException(Mishaps.disconnected(outage, Progress.NEVER_STARTED));
        }
        Answer answer = checkedAnswer(attempt);
        String name = attempt.externalName();
        Failure scripted = answer.faults().provision();
        if (scripted != null && tally.isDue("provision", name, answer.faults().provisionTimes())) {
            throw new ProvisionException(scripted);
        }
        if (leavesTrace(answer)) {
            create(answer, attempt);
        } else {
            endEarlier(attempt);
        }
        if (tally.isDue("reply", name, answer.faults().lostReplies())) {
            throw new ProvisionException(Mishaps.lostReply(name));
        }
        return handle(name, attempt.context().attempt());
    }

    private Answer checkedAnswer(Attempt attempt) throws ProvisionException {
        try {
            return script.answer(attempt);
        } catch (ScriptException e) {
            throw new ProvisionException(
                    Mishaps.badBinding(attempt.context().taskPointer(), e.problems()), e);
        }
    }

    private boolean leavesTrace(Answer answer) {
        return backend.isShared() || !answer.isImmediate();
    }

    private void create(Answer answer, Attempt attempt) throws ProvisionException {
        try {
            backend.create(attempt, answer.faults());
        } catch (UncheckedIOException e) {
            throw new ProvisionException(Mishaps.ledger(e, Progress.NEVER_STARTED), e);
        }
    }

    /** A step that leaves no trace may follow an attempt that did. */
    private void endEarlier(Attempt attempt) throws ProvisionException {
        if (backend.knows(attempt.externalName())) {
            backend.create(attempt, Faults.NONE);
        }
    }

    private static Handle handle(String name, int attempt) {
        Map<String, String> state =
                attempt == 1 ? FIRST_ATTEMPT : Map.of(ATTEMPT, Integer.toString(attempt));
        return new Handle(KIND, VERSION, name, state);
    }

    @Override
    public CompletableFuture<Outcome> run(Handle handle, Attempt attempt, LogSink logs) {
        String outage = outage();
        if (outage != null) {
            return failed(Mishaps.disconnected(outage, Progress.NEVER_STARTED));
        }
        Answer answer = script.answer(attempt);
        if (leavesTrace(answer) || backend.knows(handle.externalName())) {
            return orFailed(() -> backend.run(plan(answer, attempt), logs, onRun));
        }
        if (!cancelled.isEmpty() && cancelled.contains(handle)) {
            return CompletableFuture.completedFuture(
                    new Outcome.Cancelled(Outcomes.usage(answer, 0)));
        }
        onRun.accept(attempt);
        return CompletableFuture.completedFuture(Outcomes.of(answer, attempt, 0));
    }

    private Plan plan(Answer answer, Attempt attempt) {
        return new Plan(answer, attempt, script.seed());
    }

    private static <T> CompletableFuture<T> orFailed(Supplier<CompletableFuture<T>> call) {
        try {
            return call.get();
        } catch (UncheckedIOException e) {
            return failed(Mishaps.ledger(e, Progress.MAY_HAVE_COMMITTED));
        }
    }

    private static <T> CompletableFuture<T> failed(Failure failure) {
        return CompletableFuture.failedFuture(new ExecutionException(failure));
    }

    @Override
    public Probe probe(Handle handle, Attempt attempt) {
        String outage = outage();
        if (outage != null) {
            return new Probe.Unknown(outage);
        }
        try {
            return backend.probe(plan(script.answer(attempt), attempt));
        } catch (UncheckedIOException | ScriptException e) {
            return new Probe.Unknown(String.valueOf(e.getMessage()));
        }
    }

    @Override
    public CompletableFuture<Outcome> reattach(Handle handle, Attempt attempt, LogSink logs) {
        String outage = outage();
        if (outage != null) {
            return failed(Mishaps.disconnected(outage, Progress.MAY_HAVE_COMMITTED));
        }
        return orFailed(() -> backend.reattach(plan(script.answer(attempt), attempt), logs));
    }

    @Override
    public CompletableFuture<Void> cancel(Handle handle, Duration grace) {
        String outage = outage();
        if (outage != null) {
            return failed(Mishaps.disconnected(outage, Progress.MAY_HAVE_COMMITTED));
        }
        if (!backend.isShared() && !backend.knows(handle.externalName())) {
            // It has ended, or it is just beginning on another thread and must not any more.
            cancelled.add(handle);
            return CompletableFuture.completedFuture(null);
        }
        return orFailed(() -> backend.cancel(handle.externalName(), attempt(handle), grace));
    }

    private static int attempt(Handle handle) {
        return Integer.parseInt(handle.state().getOrDefault(ATTEMPT, "1"));
    }

    @Override
    public void collect(Handle handle, Attempt attempt, Collector collector)
            throws ArtifactException {
        Answer answer = script.answer(attempt);
        if (!leavesTrace(answer) && answer.files().isEmpty()) {
            return;
        }
        String outage = outage();
        if (outage != null) {
            throw new ArtifactException(Mishaps.disconnected(outage, Progress.ENDED));
        }
        boolean interrupted =
                tally.isDue("collect", attempt.externalName(), answer.faults().collectTimes());
        try {
            Plan plan = plan(answer, attempt);
            if (leavesTrace(answer)) {
                backend.collect(plan, collector, interrupted);
            } else {
                Harvest.files(plan, collector, interrupted);
            }
        } catch (UncheckedIOException e) {
            throw new ArtifactException(Mishaps.ledger(e, Progress.ENDED), e);
        }
    }

    @Override
    public void teardown(Handle handle) throws TeardownException {
        if (!cancelled.isEmpty()) {
            cancelled.remove(handle);
        }
        if (!backend.isShared() && !backend.knows(handle.externalName())) {
            return;
        }
        String outage = outage();
        if (outage != null) {
            throw new TeardownException(Mishaps.disconnected(outage, Progress.ENDED));
        }
        try {
            backend.remove(handle.externalName(), attempt(handle));
        } catch (UncheckedIOException e) {
            throw new TeardownException(Mishaps.ledger(e, Progress.ENDED), e);
        }
    }

    @Override
    public List<OwnedResource> owned() throws ExecutionException {
        String outage = outage();
        if (outage != null) {
            throw new ExecutionException(Mishaps.disconnected(outage, Progress.ENDED));
        }
        if (!backend.isShared()) {
            return List.of();
        }
        try {
            return backend.all().stream().map(LocalMock::owned).toList();
        } catch (UncheckedIOException e) {
            throw new ExecutionException(Mishaps.ledger(e, Progress.ENDED), e);
        }
    }

    private static OwnedResource owned(Resource it) {
        return new OwnedResource(
                handle(it.id().name(), it.id().attempt()), it.labels(), it.createdAt());
    }

    @Override
    public void close() {
        backend.close();
    }
}
