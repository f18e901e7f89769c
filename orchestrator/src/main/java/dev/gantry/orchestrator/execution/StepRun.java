package dev.gantry.orchestrator.execution;

import dev.gantry.orchestrator.cluster.Shard;
import dev.gantry.orchestrator.engine.Command.Ticket;
import dev.gantry.orchestrator.engine.Journal;
import dev.gantry.orchestrator.engine.Message;
import dev.gantry.orchestrator.engine.StepResult;
import dev.gantry.orchestrator.runner.LateInput;
import dev.gantry.orchestrator.runner.LogIds;
import dev.gantry.orchestrator.runner.Runners;
import dev.gantry.spi.Attempt;
import dev.gantry.spi.Capability;
import dev.gantry.spi.Handle;
import dev.gantry.spi.Outcome;
import dev.gantry.spi.RunnerAdapter;
import java.time.Duration;
import java.time.Instant;
import java.util.EnumSet;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/** One attempt that this node has in hand. */
final class StepRun {
    /** Where the attempt is, as far as this process is concerned. */
    enum Phase {
        QUEUED,
        PROVISIONING,
        PROVISIONED,
        RUNNING,
        /** Its ending is reported; nothing more is to be done. */
        ENDED;

        Set<Phase> successors() {
            return switch (this) {
                case QUEUED -> EnumSet.of(PROVISIONING, ENDED);
                case PROVISIONING -> EnumSet.of(QUEUED, PROVISIONED, ENDED);
                case PROVISIONED -> EnumSet.of(RUNNING, ENDED);
                case RUNNING -> EnumSet.of(ENDED);
                case ENDED -> EnumSet.noneOf(Phase.class);
            };
        }
    }

    final Journal.Head head;
    final Shard shard;
    final @Nullable String traceparent;
    final Ticket ticket;
    final boolean recovered;
    final AtomicReference<Phase> phase = new AtomicReference<>(Phase.QUEUED);
    volatile @Nullable RunnerAdapter adapter;
    volatile @Nullable Attempt attempt;
    volatile @Nullable Handle handle;
    volatile @Nullable AttemptOutput output;
    volatile @Nullable CompletableFuture<Outcome> future;
    volatile @Nullable ScheduledFuture<?> timeout;
    volatile boolean timedOut;
    volatile boolean cancelling;
    volatile Runners.@Nullable Slot slot;
    volatile Runners.@Nullable Claim claim;

    /** Whether it has been set aside since it asked for a place. */
    volatile boolean isAside;

    /** Whether the journal says that it waits for its adapter. */
    volatile boolean held;

    /** Since when, in this process or by the journal. */
    volatile @Nullable Instant heldSince;

    /** Before it is tried again, where the adapter refuses it without being known to be away. */
    volatile Duration pause = HeldRuns.FIRST_PAUSE;

    /** How often its adapter, which was there, did not take it. */
    int refusals;

    StepRun(LiveExecution execution, Ticket ticket, boolean recovered) {
        this.head = execution.head;
        this.shard = Objects.requireNonNull(execution.shard);
        this.traceparent = execution.traceparent();
        this.ticket = ticket;
        this.recovered = recovered;
        this.heldSince = ticket.heldSince();
        this.held = heldSince != null;
    }

    StepOutput.Owner owner() {
        return new StepOutput.Owner(
                head.id(),
                head.tenant(),
                head.initiator(),
                ticket.step(),
                ticket.attempt(),
                new StepOutput.Fence(shard.number(), shard.epoch()));
    }

    /** For log lines about it. */
    LogIds ids() {
        String execution = head.id().toString();
        return new LogIds(
                head.tenant().value(),
                execution,
                head.correlationId() == null ? execution : head.correlationId(),
                traceparent,
                ticket.step(),
                ticket.attempt());
    }

    Runners.Holder holder() {
        return new Runners.Holder(head.id(), ticket.step());
    }

    RunnerAdapter adapter() {
        return Objects.requireNonNull(adapter);
    }

    /** Of an attempt that is built; see {@link AttemptFactory#capabilities} for before. */
    boolean can(Capability capability) {
        Attempt built = Objects.requireNonNull(attempt);
        return adapter().capabilities(built.workload()).can(capability);
    }

    Handle handle() {
        return Objects.requireNonNull(handle);
    }

    CompletableFuture<Outcome> begin(AttemptOutput to) {
        Attempt given = Objects.requireNonNull(attempt);
        return LateInput.during(
                AttemptFactory.late(ticket), () -> adapter().run(handle(), given, to));
    }

    Message uncollected(String code) {
        return new Message.Uncollected(ticket.step(), ticket.attempt(), code);
    }

    Message ended(StepResult result, boolean released, @Nullable String uncollected) {
        return new Message.Ended(ticket.step(), ticket.attempt(), result, released, uncollected);
    }

    /** Whether the caller is the one that reports the ending. */
    boolean end() {
        return phase.getAndSet(Phase.ENDED) != Phase.ENDED;
    }

    /** Waits again, as before it was provisioned; false if it has ended. */
    boolean requeue() {
        Runners.Slot taken = slot;
        slot = null;
        if (taken != null) {
            taken.close();
        }
        return phase.compareAndSet(Phase.PROVISIONING, Phase.QUEUED);
    }

    /** Nothing of it is reported any more. */
    void forget() {
        phase.set(Phase.ENDED);
        ScheduledFuture<?> pending = timeout;
        if (pending != null) {
            pending.cancel(false);
        }
        Runners.Slot taken = slot;
        if (taken != null) {
            taken.close();
        }
    }

    /** Until its timeout; never negative. */
    Duration timeLeft(Instant now) {
        Instant began = ticket.provisionedAt() != null && recovered ? ticket.provisionedAt() : now;
        Duration left =
                Duration.between(
                        now, began.plus(Objects.requireNonNull(attempt).limits().timeout()));
        return left.isNegative() ? Duration.ZERO : left;
    }

    /** Whether it is under way, and no other process could take it up. */
    boolean isHoldingUp() {
        RunnerAdapter known = adapter;
        return known != null
                && phase.get() != Phase.QUEUED
                && (attempt == null || !can(Capability.REATTACH));
    }

    boolean hasEnded() {
        return phase.get() == Phase.ENDED;
    }

    boolean is(int attemptNumber) {
        return ticket.attempt() == attemptNumber;
    }
}
