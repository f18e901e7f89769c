package dev.gantry.contract;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.gantry.spi.Attempt;
import dev.gantry.spi.Capabilities;
import dev.gantry.spi.Capability;
import dev.gantry.spi.Failure;
import dev.gantry.spi.Failure.Actor;
import dev.gantry.spi.Failure.Code;
import dev.gantry.spi.Failure.Progress;
import dev.gantry.spi.Handle;
import dev.gantry.spi.Health;
import dev.gantry.spi.Limits;
import dev.gantry.spi.LogSink;
import dev.gantry.spi.Outcome;
import dev.gantry.spi.Outcome.Cancelled;
import dev.gantry.spi.Outcome.Failed;
import dev.gantry.spi.Outcome.Succeeded;
import dev.gantry.spi.Outcome.Usage;
import dev.gantry.spi.Probe;
import dev.gantry.spi.ProvisionException;
import dev.gantry.spi.RuntimeClass;
import dev.gantry.spi.Workload;
import dev.gantry.spi.WorkloadProblem;
import java.time.Duration;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/** An adapter with one {@link Defect}: the subject on which the kit is tested. */
final class FaultyRunner extends FaultyLogs {
    private static final byte[] NULL = "null".getBytes(UTF_8);

    private final Set<Handle> known = ConcurrentHashMap.newKeySet();
    private final AtomicReference<@Nullable Outcome> firstResult = new AtomicReference<>();

    private volatile boolean provisioning;

    FaultyRunner(
            Defect defect,
            MemoryBackend backend,
            String installation,
            Set<Capability> claims,
            @Nullable Fault fault) {
        super(defect, backend, installation, claims, fault);
    }

    @Override
    public Capabilities capabilities() {
        Capabilities honest = super.capabilities();
        Set<RuntimeClass> classes = honest.runtimeClasses();
        return switch (defect) {
            case CLAIMS_MORE_THAN_AGREED -> {
                Set<Capability> claims = EnumSet.of(Capability.GPU);
                claims.addAll(honest.claims());
                yield new Capabilities(classes, claims, honest.maxInFlight());
            }
            case CLAIMS_SOMETHING_ELSE_IN_EACH_INSTANCE ->
                    new Capabilities(classes, honest.claims(), 1 + (hashCode() & 0xffff));
            case CLAIMS_LESS_WITHOUT_A_BACKEND ->
                    isDown() ? new Capabilities(classes, Set.of(), 1) : honest;
            case CLAIMS_FOR_A_WORKLOAD_WHAT_IT_HIDES -> new Capabilities(classes, Set.of(), 1);
            default -> honest;
        };
    }

    @Override
    public Capabilities capabilities(Workload workload) {
        return defect == Defect.CLAIMS_FOR_A_WORKLOAD_WHAT_IT_HIDES
                ? super.capabilities()
                : capabilities();
    }

    @Override
    public Health health() {
        return switch (defect) {
            case CALLS_ITSELF_HEALTHY_WITHOUT_A_BACKEND -> Health.connected("as ever");
            case IS_NEVER_HEALTHY -> Health.disconnected("in a mood");
            default -> super.health();
        };
    }

    @Override
    public List<WorkloadProblem> check(String tenant, Workload workload) {
        List<WorkloadProblem> honest = super.check(tenant, workload);
        return switch (defect) {
            case ACCEPTS_GARBAGE, TAKES_ARGUMENTS_OF_ANY_LENGTH -> List.of();
            case MAKES_NO_SUGGESTION ->
                    honest.stream()
                            .map(it -> new WorkloadProblem(it.pointer(), it.message(), null, null))
                            .toList();
            case POINTS_AT_THE_WRONG_PLACE ->
                    honest.stream()
                            .map(it -> new WorkloadProblem("", it.message(), null, null))
                            .toList();
            case FINDS_FAULT_WITH_EVERYTHING ->
                    List.of(new WorkloadProblem("/image", "it is not to our taste", null, null));
            case RUNS_WHAT_IT_FINDS_WRONG -> provisioning ? List.of() : honest;
            default -> honest;
        };
    }

    @Override
    public Handle provision(Attempt attempt) throws ProvisionException {
        if (is(Defect.REFUSES_A_CLASS_THAT_IT_DECLARES)) {
            throw new ProvisionException(failure(Code.INVALID_WORKLOAD, Progress.NEVER_STARTED));
        }
        if (is(Defect.PRETENDS_TO_PROVISION_WITHOUT_A_BACKEND) && isDown()) {
            return handle(new Box(attempt, labels(attempt)));
        }
        provisioning = true;
        Handle handle = super.provision(attempt);
        known.add(handle);
        return handle;
    }

    @Override
    @Nullable Box box(Handle handle) {
        boolean forgotten = is(Defect.FORGETS_AT_A_RESTART) && !known.contains(handle);
        return forgotten ? null : super.box(handle);
    }

    @Override
    public CompletableFuture<Outcome> run(Handle handle, Attempt attempt, LogSink logs) {
        CompletableFuture<Outcome> outcome = super.run(handle, attempt, logs);
        if (is(Defect.BLOCKS_IN_RUN)) {
            outcome.copy().completeOnTimeout(null, 300, TimeUnit.MILLISECONDS).join();
        }
        return outcome;
    }

    @Override
    public CompletableFuture<Outcome> reattach(Handle handle, Attempt attempt, LogSink logs) {
        return switch (defect) {
            case MAKES_UP_AN_ENDING_WITHOUT_THE_CLAIM ->
                    CompletableFuture.completedFuture(new Cancelled(Usage.UNKNOWN));
            case STOPS_MEASURING_AT_A_RESTART ->
                    super.reattach(handle, attempt, logs).thenApply(it -> with(it, Usage.UNKNOWN));
            default -> super.reattach(handle, attempt, logs);
        };
    }

    @Override
    void start(Runnable observation) {
        if (is(Defect.PARKS_A_THREAD_PER_STEP)) {
            Thread.ofPlatform().daemon().start(observation);
        } else {
            super.start(observation);
        }
    }

    @Override
    Failure lostSight() {
        return is(Defect.SAYS_NEVER_STARTED_OF_WHAT_IT_LOST)
                ? failure(Code.LOST, Progress.NEVER_STARTED)
                : super.lostSight();
    }

    @Override
    Usage usage(Outcome outcome, Attempt attempt) {
        Usage honest = super.usage(outcome, attempt);
        Long cpu = honest.cpuMillis();
        Long peak = honest.peakMemoryBytes();
        Limits asked = attempt.limits();
        return switch (defect) {
            case MEASURES_NOTHING -> measured(honest, null, null);
            case MEASURES_WITHOUT_THE_CLAIM -> measured(honest, 0L, 0L);
            case GUESSES_WHAT_A_STEP_USES -> measured(honest, cpu == null ? null : cpu * 2, peak);
            case TELLS_A_LIMIT_FOR_THE_PEAK -> measured(honest, cpu, honest.memoryLimitBytes());
            case FORGETS_WHAT_WAS_MEASURED_AT_A_CANCEL ->
                    outcome instanceof Cancelled ? Usage.UNKNOWN : honest;
            case TELLS_NO_LIMIT_THAT_NOBODY_ASKED_FOR ->
                    new Usage(null, cpu, peak, asked.cpuMillis(), asked.memoryBytes(), Map.of());
            default -> honest;
        };
    }

    private static Usage measured(
            Usage it, @Nullable Long cpuMillis, @Nullable Long peakMemoryBytes) {
        return new Usage(
                it.wallMillis(),
                cpuMillis,
                peakMemoryBytes,
                it.cpuLimitMillis(),
                it.memoryLimitBytes(),
                it.units());
    }

    @Override
    Outcome ending(Outcome outcome, Attempt attempt) {
        Outcome ending =
                is(Defect.IGNORES_THE_OUTPUT_LIMIT) ? outcome : super.ending(outcome, attempt);
        return switch (ending) {
            case Succeeded succeeded -> ending(succeeded, attempt);
            case Failed failed -> ending(failed, attempt);
            case Cancelled cancelled ->
                    is(Defect.CALLS_A_CANCEL_A_SUCCESS)
                            ? new Succeeded(new byte[] {'0'}, Usage.UNKNOWN)
                            : cancelled;
        };
    }

    private Outcome ending(Succeeded succeeded, Attempt attempt) {
        if (is(Defect.REFUSES_AN_OUTPUT_AT_THE_LIMIT)
                && succeeded.output().length == attempt.limits().maxOutputBytes()) {
            return new Failed(failure(Code.OUTPUT_TOO_LARGE, Progress.ENDED), null, Usage.UNKNOWN);
        }
        boolean wrong =
                switch (defect) {
                    case LETS_NO_CHILD_STARVE -> true;
                    case COUNTS_WHAT_NOBODY_ASKED_FOR ->
                            attempt.limits().maxOutputBytes() == OutcomePart.OUTPUT_LIMIT;
                    case CUTS_A_LONG_SCRIPT ->
                            attempt.workload() instanceof Workload.Process process
                                    && process.script() != null
                                    && process.script().text().length() > 128 * 1024;
                    case TAKES_OPTIONS_FOR_ITS_OWN ->
                            attempt.workload() instanceof Workload.Process process
                                    && process.arguments().stream()
                                            .anyMatch(it -> it.startsWith("-"));
                    default -> false;
                };
        if (wrong) {
            return new Failed(failure(Code.FUNCTION_ERROR, Progress.ENDED), null, Usage.UNKNOWN);
        }
        if (is(Defect.TAKES_A_WRONG_RESULT)) {
            firstResult.compareAndSet(null, succeeded);
            Outcome first = firstResult.get();
            return first == null ? succeeded : first;
        }
        return is(Defect.FORGETS_THE_RESULT) ? new Succeeded(NULL, Usage.UNKNOWN) : succeeded;
    }

    private Outcome ending(Failed failed, Attempt attempt) {
        return switch (defect) {
            case TELLS_THE_INPUT_IN_A_FAILURE ->
                    new Failed(
                            new Failure(
                                    Code.EXIT_NONZERO,
                                    "ended with 1 for input " + new String(attempt.input(), UTF_8),
                                    Actor.AUTHOR,
                                    true,
                                    Progress.ENDED),
                            failed.process(),
                            Usage.UNKNOWN);
            case CALLS_A_CODE_A_KILL ->
                    new Failed(
                            failure(Code.KILLED, Progress.MAY_HAVE_COMMITTED),
                            failed.process(),
                            Usage.UNKNOWN);
            case HIDES_A_FAILURE -> new Succeeded(NULL, Usage.UNKNOWN);
            case FAILS_WITHOUT_A_REASON ->
                    new Failed(
                            new Failure("ERROR", "error", Actor.AUTHOR, true, Progress.ENDED),
                            failed.process(),
                            Usage.UNKNOWN);
            default -> failed;
        };
    }

    @Override
    public Probe probe(Handle handle, Attempt attempt) {
        Probe probe = super.probe(handle, attempt);
        if (is(Defect.SAYS_GONE_OF_WHAT_WAITS) && probe instanceof Probe.NeverStarted) {
            return new Probe.Gone();
        }
        if (is(Defect.SAYS_RUNNING_OF_WHAT_WAS_CANCELLED)
                && probe instanceof Probe.Done(Cancelled _)) {
            return new Probe.Running();
        }
        boolean lies =
                switch (defect) {
                    case SAYS_NEVER_STARTED_OF_WHAT_RUNS -> probe instanceof Probe.Running;
                    case SAYS_NEVER_STARTED_OF_WHAT_IS_GONE, GUESSES_WITHOUT_THE_CLAIM ->
                            probe instanceof Probe.Gone;
                    default -> false;
                };
        return lies ? new Probe.NeverStarted() : probe;
    }

    @Override
    public CompletableFuture<Void> cancel(Handle handle, Duration grace) {
        boolean blindly =
                is(Defect.CONFIRMS_A_CANCEL_WITHOUT_THE_CLAIM)
                        || (is(Defect.CONFIRMS_A_DEATH_THAT_IT_CANNOT_SEE) && isDown());
        return blindly ? CompletableFuture.completedFuture(null) : super.cancel(handle, grace);
    }

    @Override
    void cancel(Box box, Duration grace) {
        switch (defect) {
            case CONFIRMS_A_CANCEL_EARLY ->
                    Thread.startVirtualThread(() -> {
                        Pause.of(Duration.ofMillis(50));
                        super.cancel(box, grace);
                    });
            case BEGINS_WHAT_IT_SHALL_CANCEL -> {
                begin(box);
                super.cancel(box, grace);
            }
            case NEVER_USES_FORCE -> box.requestStop();
            case USES_FORCE_AT_ONCE -> super.cancel(box, Duration.ZERO);
            case MISSES_A_CANCEL_DURING_START -> {
                if (box.state() != Box.State.CREATED) {
                    super.cancel(box, grace);
                }
            }
            case REWRITES_AN_ENDING -> {
                super.cancel(box, grace);
                Box rewritten = new Box(box.attempt, box.labels);
                rewritten.end(new Cancelled(Usage.UNKNOWN));
                backend.put(box.attempt.externalName(), rewritten);
            }
            case CANCELS_EVERYTHING -> {
                backend.all().forEach(Box::kill);
                super.cancel(box, grace);
            }
            default -> super.cancel(box, grace);
        }
    }

    @Override
    public void close() {
        super.close();
        if (is(Defect.KILLS_ITS_WORK_WHEN_CLOSED)) {
            known.stream()
                    .map(handle -> backend.find(handle.externalName()))
                    .forEach(box -> {
                        if (box != null) {
                            box.kill();
                        }
                    });
        }
    }
}
