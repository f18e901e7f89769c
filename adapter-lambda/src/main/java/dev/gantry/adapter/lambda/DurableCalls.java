package dev.gantry.adapter.lambda;

import dev.gantry.spi.ArtifactException;
import dev.gantry.spi.ExecutionException;
import dev.gantry.spi.Failure;
import dev.gantry.spi.Failure.Actor;
import dev.gantry.spi.Failure.Code;
import dev.gantry.spi.Failure.Progress;
import dev.gantry.spi.Handle;
import dev.gantry.spi.Outcome;
import dev.gantry.spi.Probe;
import dev.gantry.spi.ProvisionException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.ReentrantLock;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.core.SdkBytes;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.services.lambda.model.ExecutionStatus;
import software.amazon.awssdk.services.lambda.model.GetDurableExecutionResponse;
import software.amazon.awssdk.services.lambda.model.InvocationType;

/**
 * Begins durable executions by a name that is the attempt's: whoever begins it again adopts what is
 * there, and whoever has the name can ask for it.
 */
final class DurableCalls implements Way {
    /** Where Lambda does not know yet what it has begun. */
    private static final Duration GRACE = Duration.ofSeconds(30);

    private static final Duration FIRST_PAUSE = Duration.ofMillis(200);
    private static final Duration LONGEST_PAUSE = Duration.ofSeconds(5);
    private static final Duration ACCEPTED = Duration.ofSeconds(10);
    private static final int UNANSWERED = 3;

    /** After which invocations that only time out or crash are not waited for any more. */
    static final int MAX_FAILED_INVOCATIONS = 3;

    private static final int LOOKS_BETWEEN = 6;

    private final Clients clients;
    private final InstantSource clock;
    private final Executions executions;
    private final String installation;
    private final LargeInputs inputs;
    private final ExecutionEndings endings;

    /** What this instance was told to cancel: it does not begin afterwards. */
    private final Set<String> cancelled = ConcurrentHashMap.newKeySet();

    /** Completed when one is stopped, so that who watches it looks at once. */
    private final Map<String, CompletableFuture<Void>> stops = new ConcurrentHashMap<>();

    /** Identifiers of what this instance has begun, which a list may not have yet. */
    private final Map<String, String> begun = new ConcurrentHashMap<>();

    /** Beginning and stopping one execution do not overlap; one lock serves many. */
    private final ReentrantLock[] locks =
            Stream.generate(ReentrantLock::new).limit(64).toArray(ReentrantLock[]::new);

    DurableCalls(
            Clients clients,
            InstantSource clock,
            String installation,
            LargeInputs inputs,
            Reports reports) {
        this.clients = clients;
        this.clock = clock;
        this.executions = new Executions(clients, clock);
        this.endings = new ExecutionEndings(executions, reports, clock);
        this.installation = installation;
        this.inputs = inputs;
    }

    @Override
    public int mostEventBytes() {
        return AsyncCalls.MAX_EVENT_BYTES;
    }

    @Override
    public void require(Call call) throws ProvisionException {
        if (Boolean.FALSE.equals(call.facts().durable())) {
            throw new ProvisionException(
                    Failures.invalid(
                            "function %s is not durable: create it with a DurableConfig, or use mode 'sync'"
                                    .formatted(call.target())));
        }
        inputs.require(call, event(call), AsyncCalls.MAX_EVENT_BYTES, AsyncCalls.KEPT);
        int attempt = call.attempt().context().attempt();
        if (attempt > 1) {
            end(Execution.of(installation, call, attempt - 1));
        }
    }

    /** Two attempts of a step are never alive together. */
    private void end(Execution earlier) throws ProvisionException {
        try {
            stop(earlier);
        } catch (ExecutionException e) {
            Failure it = e.failure();
            throw new ProvisionException(
                    new Failure(
                            it.code(),
                            "the earlier attempt of the step cannot be stopped: " + it.message(),
                            it.actor(),
                            true,
                            Progress.NEVER_STARTED),
                    e);
        }
    }

    /** The same for every process that begins the attempt: what differs would be a conflict. */
    private static byte[] event(Call call) throws ProvisionException {
        return call.target().ids() == Ids.Place.NONE
                ? call.attempt().input()
                : Envelope.of(call.attempt(), ids(call));
    }

    private static Map<String, String> ids(Call call) {
        return call.target().ids() == Ids.Place.NONE
                ? Map.of()
                : Ids.lasting(call.attempt().context());
    }

    @Override
    public CompletableFuture<Ended> run(Call call) throws ExecutionException, ProvisionException {
        Execution execution = Execution.of(installation, call);
        // Without a link: it would be another one each time, and the event must be the same.
        byte[] event =
                inputs.carried(call, event(call), AsyncCalls.MAX_EVENT_BYTES, ids(call), null);
        ReentrantLock lock = lock(execution);
        String arn;
        lock.lock();
        try {
            if (cancelled.contains(execution.name())) {
                return CompletableFuture.completedFuture(
                        new Ended(new Outcome.Cancelled(Outcome.Usage.UNKNOWN), null));
            }
            Sent sent = new Sent();
            try {
                arn = start(call, execution, event, sent);
                begun.put(execution.name(), arn);
            } catch (SdkException e) {
                Failure failure = sent.failure(call.target(), e);
                if (failure.progress() == Progress.NEVER_STARTED) {
                    return CompletableFuture.completedFuture(Ended.failed(failure));
                }
                throw new ExecutionException(failure, e);
            }
        } finally {
            lock.unlock();
        }
        return CompletableFuture.completedFuture(watch(call, execution, arn));
    }

    private String start(Call call, Execution execution, byte[] event, Sent sent) {
        return clients.calls(call.access(), Duration.ZERO)
                .invoke(it -> {
                    it.functionName(execution.function())
                            .qualifier(execution.qualifier())
                            .durableExecutionName(execution.name())
                            .invocationType(InvocationType.EVENT)
                            .payload(SdkBytes.fromByteArrayUnsafe(event))
                            .overrideConfiguration(o -> {
                                o.apiCallTimeout(ACCEPTED);
                                sent.attach(o);
                            });
                    if (call.target().isolated()) {
                        it.tenantId(call.attempt().context().tenant());
                    }
                })
                .durableExecutionArn();
    }

    @Override
    public CompletableFuture<Ended> reattach(Call call) throws ExecutionException {
        Execution execution = Execution.of(installation, call);
        String arn = find(execution);
        if (arn == null) {
            throw Failures.lost(
                    "Lambda has no execution %s of function %s"
                            .formatted(execution.name(), call.target()),
                    null);
        }
        return CompletableFuture.completedFuture(watch(call, execution, arn));
    }

    /** Looks again and again, less and less often; the thread is a virtual one. */
    private Ended watch(Call call, Execution execution, String arn) throws ExecutionException {
        Instant since = clock.instant();
        Duration pause = FIRST_PAUSE;
        int unanswered = 0;
        int looks = 0;
        CompletableFuture<Void> stop =
                stops.computeIfAbsent(execution.name(), _ -> new CompletableFuture<>());
        while (true) {
            try {
                GetDurableExecutionResponse now = executions.look(execution, arn);
                unanswered = 0;
                Outcome outcome = now == null ? null : endings.outcome(call, execution, arn, now);
                if (now != null && outcome != null) {
                    Duration patience = call.leftOfHalf(since, clock.instant());
                    return new Ended(
                            endings.measured(call, execution, arn, now, patience, outcome), null);
                }
                if (now != null && ++looks % LOOKS_BETWEEN == 0) {
                    giveUpWhatOnlyFails(execution, arn);
                }
                if (now == null && since.plus(GRACE).isBefore(clock.instant())) {
                    throw Failures.lost("Lambda has no execution %s any more".formatted(arn), null);
                }
            } catch (SdkException e) {
                if (++unanswered >= UNANSWERED) {
                    throw unseen(execution, e);
                }
            }
            if (stop.isDone()) {
                pause(pause);
            } else {
                pauseUntil(stop, pause);
            }
            Duration longer = pause.multipliedBy(3).dividedBy(2);
            pause = longer.compareTo(LONGEST_PAUSE) < 0 ? longer : LONGEST_PAUSE;
        }
    }

    /**
     * Lambda begins an invocation that timed out or crashed again and again, until the function's
     * ExecutionTimeout, whatever the function says about retries.
     */
    private void giveUpWhatOnlyFails(Execution execution, String arn) {
        int failed = Executions.failedInvocations(executions.history(execution, arn));
        if (failed >= MAX_FAILED_INVOCATIONS) {
            executions.stop(
                    execution,
                    arn,
                    Executions.GIVEN_UP,
                    "%d invocations in a row timed out or crashed".formatted(failed));
        }
    }

    /** That there is none is certain enough to begin: beginning adopts what is there. */
    @Override
    public Probe probe(Call call) {
        Execution execution = Execution.of(installation, call);
        try {
            String arn = find(execution);
            if (arn == null) {
                return new Probe.NeverStarted();
            }
            GetDurableExecutionResponse now = executions.look(execution, arn);
            Outcome outcome = now == null ? null : endings.outcome(call, execution, arn, now);
            return outcome == null ? new Probe.Running() : new Probe.Done(outcome);
        } catch (SdkException | ExecutionException e) {
            return new Probe.Unknown(
                    "execution %s cannot be seen: %s"
                            .formatted(execution.name(), Failures.reason(e)));
        }
    }

    @Override
    public void cancel(Handle handle) throws ExecutionException {
        Execution execution = Execution.of(handle);
        cancelled.add(execution.name());
        stop(execution);
        CompletableFuture<Void> watched = stops.get(execution.name());
        if (watched != null) {
            watched.complete(null);
        }
    }

    /** Returns when it is stopped and no invocation of it is at work any more. */
    private void stop(Execution execution) throws ExecutionException {
        String arn;
        ReentrantLock lock = lock(execution);
        lock.lock();
        try {
            arn = find(execution);
        } finally {
            lock.unlock();
        }
        if (arn == null) {
            return;
        }
        try {
            GetDurableExecutionResponse now = executions.look(execution, arn);
            if (now != null && now.status() == ExecutionStatus.RUNNING) {
                executions.stop(
                        execution, arn, Executions.CANCELLED, "Gantry has cancelled the step");
                now = executions.look(execution, arn);
            }
            while (now != null && isAtWork(execution, arn, now)) {
                pause(FIRST_PAUSE);
                now = executions.look(execution, arn);
            }
        } catch (SdkException e) {
            throw unseen(execution, e);
        }
    }

    private boolean isAtWork(Execution execution, String arn, GetDurableExecutionResponse now) {
        Instant end = now.endTimestamp();
        return now.status() == ExecutionStatus.RUNNING
                || (now.status() == ExecutionStatus.STOPPED
                        && end != null
                        && executions.isBusy(execution, arn, end));
    }

    private @Nullable String find(Execution execution) throws ExecutionException {
        String known = begun.get(execution.name());
        if (known != null) {
            return known;
        }
        try {
            return executions.find(execution);
        } catch (SdkException e) {
            throw unseen(execution, e);
        }
    }

    /** Where the logs of its invocations are, in their order. */
    List<Trace> traces(Call call) throws ArtifactException {
        Execution execution = Execution.of(installation, call);
        try {
            String arn = find(execution);
            GetDurableExecutionResponse now = arn == null ? null : executions.look(execution, arn);
            return arn == null || now == null
                    ? List.of()
                    : endings.traces(call, execution, arn, now);
        } catch (ExecutionException e) {
            throw new ArtifactException(e.failure(), e);
        } catch (SdkException e) {
            throw new ArtifactException(unseen(execution, e).failure(), e);
        }
    }

    void forget(Handle handle) {
        String name = Execution.of(handle).name();
        begun.remove(name);
        stops.remove(name);
        cancelled.remove(name);
    }

    private ReentrantLock lock(Execution execution) {
        return locks[Math.floorMod(execution.name().hashCode(), locks.length)];
    }

    private static ExecutionException unseen(Execution execution, SdkException e) {
        return new ExecutionException(
                new Failure(
                        Code.BACKEND_UNAVAILABLE,
                        "execution %s of function %s:%s cannot be seen: %s"
                                .formatted(
                                        execution.name(),
                                        execution.function(),
                                        execution.qualifier(),
                                        Failures.reason(e)),
                        Actor.BACKEND,
                        true,
                        Progress.MAY_HAVE_COMMITTED),
                e);
    }

    private static void pauseUntil(CompletableFuture<Void> stop, Duration time)
            throws ExecutionException {
        try {
            var _ = stop.get(time.toMillis(), TimeUnit.MILLISECONDS);
        } catch (TimeoutException e) {
            // Nobody has stopped it.
        } catch (java.util.concurrent.ExecutionException e) {
            throw new IllegalStateException("a stop is never completed with a failure", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw Failures.lost("observing was interrupted", e);
        }
    }

    private static void pause(Duration time) throws ExecutionException {
        try {
            Thread.sleep(time);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw Failures.lost("observing was interrupted", e);
        }
    }
}
