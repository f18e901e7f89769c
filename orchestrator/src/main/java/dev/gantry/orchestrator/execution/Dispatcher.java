package dev.gantry.orchestrator.execution;

import dev.gantry.orchestrator.cluster.Shard;
import dev.gantry.orchestrator.engine.Command;
import dev.gantry.orchestrator.engine.Command.Ticket;
import dev.gantry.orchestrator.engine.ExecutionState;
import dev.gantry.orchestrator.engine.Message;
import dev.gantry.orchestrator.engine.StepResult;
import dev.gantry.orchestrator.id.ExecutionId;
import dev.gantry.orchestrator.mask.Mask;
import dev.gantry.orchestrator.runner.LogIds;
import dev.gantry.orchestrator.runner.Runners;
import dev.gantry.spi.Capability;
import dev.gantry.spi.Failure;
import dev.gantry.spi.Failure.Actor;
import dev.gantry.spi.Failure.Progress;
import dev.gantry.spi.Handle;
import dev.gantry.spi.Outcome;
import dev.gantry.spi.Probe;
import dev.gantry.spi.ProvisionException;
import dev.gantry.spi.RunnerAdapter;
import java.time.Clock;
import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.Executor;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Takes attempts through an adapter's lifecycle and reports each ending once. Knows the contract,
 * not the adapters: it never looks into a handle, and asks for claims, not for kinds.
 */
final class Dispatcher implements Places.Owner {
    private static final Logger log = LoggerFactory.getLogger(Dispatcher.class);
    private static final Duration FIRST_PAUSE = Duration.ofMillis(500);

    /** Between two looks whether a lease that was not renewed in time is this node's still. */
    private static final Duration DOUBT = Duration.ofMillis(100);

    private static final Outcome CANCELLED = new Outcome.Cancelled(Outcome.Usage.UNKNOWN);

    private final StepRuns runs = new StepRuns();
    private final Runners runners;
    private final AttemptFactory attempts;
    private final StepOutput outputs;
    private final ExecutionProperties properties;
    private final Clock clock;
    private final Executor executor;
    private final ScheduledExecutorService timer;
    private final Mailbox mailbox;
    private final StepEnding ending;
    private final Cancelling cancelling;
    private final Places places;
    private final LeaseSlots slots;
    private final HoldBack holdBack;

    Dispatcher(
            Runners runners,
            AttemptFactory attempts,
            StepOutput outputs,
            ExecutionProperties properties,
            Clock clock,
            Executor executor,
            ScheduledExecutorService timer,
            Mailbox mailbox,
            LeaseSlots slots) {
        this.runners = runners;
        this.attempts = attempts;
        this.outputs = outputs;
        this.properties = properties;
        this.clock = clock;
        this.executor = executor;
        this.timer = timer;
        this.mailbox = mailbox;
        this.slots = slots;
        this.ending = new StepEnding(clock, properties.adapterPatience());
        this.cancelling =
                new Cancelling(
                        properties.cancelGrace(),
                        executor,
                        timer,
                        run -> guarded(run, () -> conclude(run, CANCELLED)).run());
        this.places = new Places(runners, attempts, properties.adapterPatience(), clock, this);
        this.holdBack = new HoldBack(runs, attempts, places, this);
    }

    void run(LiveExecution execution, Command.RunStep command) {
        if (Objects.requireNonNull(execution.shard).isLost()) {
            return;
        }
        Ticket ticket = command.ticket();
        StepRun known = runs.get(execution.head.id(), ticket.step());
        if (known != null && known.is(ticket.attempt())) {
            if (command.handle() != null) {
                executor.execute(guarded(known, () -> start(known)));
                return;
            }
            if (known.held) {
                known.held = false;
                places.queue(known);
                holdBack.of(known);
                return;
            }
        }
        StepRun run = new StepRun(execution, ticket, command.recovered());
        runs.put(run);
        byte[] handle = command.handle();
        if (handle == null) {
            places.bring(run);
            holdBack.of(run);
        } else if (places.occupy(run)) {
            run.handle = Handle.fromBytes(handle);
            executor.execute(guarded(run, () -> resume(run)));
        }
    }

    /**
     * What is felt outside of this process, only while the shard is this node's for sure: what
     * another node may have in hand is neither begun nor cancelled nor taken away here. And no
     * attempt is left without an ending because of a defect.
     */
    private Runnable guarded(StepRun run, Runnable action) {
        return whileSure(
                run.shard,
                () -> {
                    try {
                        action.run();
                    } catch (RuntimeException e) {
                        run.ids()
                                .in(() ->
                                        log.error(
                                                "execution {} step {}: adapter {} failed unexpectedly",
                                                run.head.id(),
                                                run.ticket.step(),
                                                run.ticket.adapter(),
                                                e));
                        end(run, StepResults.defect(e), run.handle == null, null);
                    }
                });
    }

    private Runnable whileSure(Shard shard, Runnable action) {
        return () -> {
            if (shard.isSure()) {
                action.run();
            } else if (!shard.isLost()) {
                var _ =
                        timer.schedule(
                                () -> executor.execute(whileSure(shard, action)),
                                DOUBT.toMillis(),
                                TimeUnit.MILLISECONDS);
            }
        };
    }

    @Override
    public void begins(StepRun run) {
        if (holdBack.concerns(run) && !run.cancelling) {
            holdBack.of(run);
        } else {
            executor.execute(guarded(run, () -> begin(run)));
        }
    }

    private void begin(StepRun run) {
        if (!run.phase.compareAndSet(StepRun.Phase.QUEUED, StepRun.Phase.PROVISIONING)) {
            return;
        }
        RunnerAdapter adapter = run.adapter();
        try {
            run.attempt = attempts.build(run.head, run.traceparent, run.ticket);
        } catch (IllegalArgumentException e) {
            end(
                    run,
                    StepResults.failed(
                            Failure.Code.INVALID_WORKLOAD,
                            Actor.AUTHOR,
                            false,
                            Progress.NEVER_STARTED,
                            String.valueOf(e.getMessage())));
            return;
        }
        try {
            run.handle = adapter.provision(Objects.requireNonNull(run.attempt));
        } catch (ProvisionException e) {
            if (!places.giveBack(run, e.failure())) {
                end(run, new StepResult.Failed(e.failure(), null, null));
            }
            return;
        }
        if (!run.phase.compareAndSet(StepRun.Phase.PROVISIONING, StepRun.Phase.PROVISIONED)) {
            return;
        }
        if (run.can(Capability.PROVISIONS_RESOURCES)) {
            send(
                    run,
                    new Message.Provisioned(
                            run.ticket.step(), run.ticket.attempt(), run.handle().toBytes()));
        } else if (run.recovered) {
            resume(run);
        } else {
            start(run);
        }
    }

    /** The intent, and the handle if there is one, are durable: the work may begin. */
    private void start(StepRun run) {
        if (holdBack.isAll() && run.can(Capability.REATTACH)) {
            return;
        }
        if (!run.phase.compareAndSet(StepRun.Phase.PROVISIONED, StepRun.Phase.RUNNING)) {
            return;
        }
        AttemptOutput output = output(run);
        follow(run, run.begin(output));
    }

    private AttemptOutput output(StepRun run) {
        AttemptOutput known = run.output;
        if (known != null) {
            return known;
        }
        AttemptOutput output =
                new AttemptOutput(
                        outputs,
                        run.owner(),
                        clock,
                        properties.maxLogBytes(),
                        properties.maxArtifactBytes(),
                        run.recovered,
                        Mask.of(run.ticket.hidden()));
        run.output = output;
        return output;
    }

    private void follow(StepRun run, CompletableFuture<Outcome> future) {
        run.future = future;
        if (future.isDone()) {
            ended(run, future);
        } else {
            armTimeout(run);
            if (run.cancelling) {
                cancelling.begin(run);
            }
            var _ =
                    future.whenCompleteAsync(
                            (outcome, failure) -> guarded(run, () -> ended(run, future)).run(),
                            executor);
        }
    }

    private void armTimeout(StepRun run) {
        long left = run.timeLeft(clock.instant()).toMillis();
        run.timeout =
                timer.schedule(
                        () -> {
                            run.timedOut = true;
                            executor.execute(guarded(run, () -> cancelling.begin(run)));
                        },
                        left,
                        TimeUnit.MILLISECONDS);
    }

    private void ended(StepRun run, CompletableFuture<Outcome> future) {
        if (run.hasEnded()) {
            return;
        }
        Outcome outcome;
        try {
            outcome = future.join();
        } catch (CompletionException e) {
            lostSight(run, Objects.requireNonNullElse(e.getCause(), e));
            return;
        }
        conclude(run, outcome);
    }

    /** The adapter cannot tell how it ended: ask the backend, if it can be asked. */
    private void lostSight(StepRun run, Throwable cause) {
        Failure failure = StepResults.failure(cause);
        run.ids()
                .in(() ->
                        log.warn(
                                "execution {} step {}: {}",
                                run.head.id(),
                                run.ticket.step(),
                                failure.message()));
        if (run.can(Capability.REATTACH) && failure.progress() == Progress.MAY_HAVE_COMMITTED) {
            resume(run);
        } else {
            conclude(run, new Outcome.Failed(failure, null, Outcome.Usage.UNKNOWN));
        }
    }

    /** Goes on with what an earlier process, or a broken connection, left behind. */
    private void resume(StepRun run) {
        if (run.attempt == null) {
            run.attempt = attempts.build(run.head, run.traceparent, run.ticket);
        }
        RunnerAdapter adapter = run.adapter();
        if (!run.can(Capability.REATTACH)) {
            conclude(
                    run,
                    StepResults.lost(
                            "it ran when the process that watched it ended, and its backend cannot be asked"));
            return;
        }
        Duration pause = FIRST_PAUSE;
        while (!run.hasEnded()) {
            switch (adapter.probe(run.handle(), Objects.requireNonNull(run.attempt))) {
                case Probe.NeverStarted _ -> {
                    run.phase.set(StepRun.Phase.PROVISIONED);
                    start(run);
                    return;
                }
                case Probe.Running _ -> {
                    run.phase.set(StepRun.Phase.RUNNING);
                    follow(
                            run,
                            adapter.reattach(
                                    run.handle(),
                                    Objects.requireNonNull(run.attempt),
                                    output(run)));
                    return;
                }
                case Probe.Done done -> {
                    conclude(run, done.outcome());
                    return;
                }
                case Probe.Gone _ -> {
                    conclude(run, StepResults.lost("nothing of it is left on the backend"));
                    return;
                }
                case Probe.Unknown unknown -> {
                    StepEnding.unsure(run, unknown.reason(), pause);
                    if (!StepEnding.sleep(pause)) {
                        return;
                    }
                    pause = StepEnding.longer(pause);
                }
            }
        }
    }

    /** The ending is known: bring in what it left, then report it. */
    private void conclude(StepRun run, Outcome outcome) {
        if (run.timeout != null) {
            run.timeout.cancel(false);
        }
        boolean provisions = run.can(Capability.PROVISIONS_RESOURCES);
        StepEnding.Collected collected =
                ending.collect(
                        run,
                        output(run),
                        run.adapter(),
                        run.handle(),
                        provisions,
                        code -> send(run, run.uncollected(code)));
        if (collected instanceof StepEnding.Collected.Interrupted) {
            return;
        }
        StepResult result = StepResults.of(run, outcome, properties.maxOutputBytes());
        if (!provisions) {
            ending.teardown(run.adapter(), run.handle(), run.ids());
        }
        end(run, result, !provisions, provisions ? collected.missing() : null);
    }

    private void end(
            StepRun run, StepResult result, boolean released, @Nullable String uncollected) {
        if (!run.end()) {
            return;
        }
        if (run.timeout != null) {
            run.timeout.cancel(false);
        }
        if (!released) {
            slots.keep(run);
        } else if (run.slot != null) {
            run.slot.close();
        }
        send(run, run.ended(result, released, uncollected));
        // Last: a stop waits for what is here, so that its ending is written.
        runs.remove(run);
    }

    /** Begins nothing from now on. */
    void drain() {
        holdBack.all();
    }

    /** As far as no other node could take it up, what is of a shard that is to go. */
    void holdBack(Shard shard) {
        holdBack.of(shard);
    }

    /** Completes, sooner or later, in an ending of the attempt. */
    void cancel(LiveExecution execution, Command.CancelStep command) {
        Ticket ticket = command.ticket();
        StepRun run = runs.get(execution.head.id(), ticket.step());
        if (run == null || !run.is(ticket.attempt())) {
            cancelForeign(execution, command);
            return;
        }
        run.cancelling = true;
        if (run.phase.compareAndSet(StepRun.Phase.QUEUED, StepRun.Phase.PROVISIONING)) {
            end(run, new StepResult.Cancelled());
        } else if (run.handle != null) {
            executor.execute(guarded(run, () -> cancelling.begin(run)));
        }
        // Else it is being provisioned: the engine asks again when it knows the handle.
    }

    /** An earlier process ran it. Without a handle it is found, or made, by its name first. */
    private void cancelForeign(LiveExecution execution, Command.CancelStep command) {
        StepRun run = new StepRun(execution, command.ticket(), true);
        run.cancelling = true;
        runs.put(run);
        byte[] handle = command.handle();
        if (!places.occupy(run)) {
            return;
        }
        if (handle == null) {
            begins(run);
        } else {
            run.handle = Handle.fromBytes(handle);
            run.phase.set(StepRun.Phase.PROVISIONED);
            executor.execute(
                    guarded(
                            run,
                            () -> {
                                run.attempt = attempts.build(run.head, run.traceparent, run.ticket);
                                cancelling.begin(run);
                            }));
        }
    }

    void release(LiveExecution execution, Command.ReleaseStep command) {
        ExecutionId id = execution.head.id();
        LogIds ids = execution.ids(command.step(), command.attempt());
        executor.execute(
                whileSure(
                        Objects.requireNonNull(execution.shard),
                        () -> mailbox.send(id, ending.release(runners, ids, command))));
    }

    /** As if this process had never begun anything; what runs on the backends runs on. */
    void forget() {
        places.forget();
        runs.forget();
    }

    /** What shards that are lost leave behind here. */
    int letGo() {
        return runs.letGo(places::forget);
    }

    StepRuns runs() {
        return runs;
    }

    Places places() {
        return places;
    }

    /** What a task waits for, or null. */
    @Nullable String blocker(ExecutionId id, ExecutionState.CurrentTask task) {
        Integer step = task.step();
        return step == null ? task.waitingFor() : places.blocker(runs.get(id, step), task);
    }

    @Override
    public void end(StepRun run, StepResult result) {
        end(run, result, true, null);
    }

    @Override
    public void send(StepRun run, Message message) {
        mailbox.send(run.head.id(), message);
    }
}
