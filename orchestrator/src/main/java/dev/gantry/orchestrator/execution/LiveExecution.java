package dev.gantry.orchestrator.execution;

import dev.gantry.orchestrator.cluster.Shard;
import dev.gantry.orchestrator.engine.ExecutionState;
import dev.gantry.orchestrator.engine.ExecutionStatus;
import dev.gantry.orchestrator.engine.Journal;
import dev.gantry.orchestrator.engine.Leases;
import dev.gantry.orchestrator.runner.LogIds;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** An execution that a lane holds in memory. */
final class LiveExecution {
    final Journal.Head head;
    final ExecutionState state;

    /** Under which hold the lane has it; another one means that it may have gone on elsewhere. */
    @Nullable Shard shard;

    /** Not yet in the journal. */
    boolean created;

    /** What the lane's timers hold for it. */
    @Nullable Instant timer;

    /** Whether a step of it may stand among the dead letters. */
    boolean undecided;

    /** What its steps may hold on backends. */
    Leases leases = new Leases();

    final StepIndex steps;

    /** The frames whose listeners are stored. */
    Set<Integer> listening = Set.of();

    /** The last entry that a snapshot holds. */
    int snapshotSeq;

    /** What was told of it last; null if it is new. */
    @Nullable ExecutionStatus told;

    /** Whether a step of it was begun, or may have been. */
    boolean stepped;

    ExecutionMeters.@Nullable OfDefinition meters;
    @Nullable ExecutionSpans spans;

    LiveExecution(Journal.Head head, ExecutionState state, boolean created, int snapshotSeq) {
        this.head = head;
        this.steps = new StepIndex(head);
        this.state = state;
        this.created = created;
        this.snapshotSeq = snapshotSeq;
        this.stepped = !created;
        this.told = created ? null : state.status();
    }

    /** Counts what is durable now and was not before. */
    void count(Clock clock) {
        ExecutionStatus status = state.status();
        ExecutionMeters.OfDefinition counted = meters;
        if (status == told || counted == null) {
            return;
        }
        if (told == null) {
            counted.started();
        }
        if (status.isTerminal()) {
            counted.ended(status, age(clock));
            if (spans != null) {
                spans.ended(this);
            }
        }
        told = status;
    }

    void stepBegins(Clock clock) {
        ExecutionMeters.OfDefinition counted = meters;
        if (!stepped && counted != null) {
            counted.firstStep(age(clock));
        }
        stepped = true;
    }

    private long age(Clock clock) {
        return Duration.between(head.startedAt(), clock.instant()).toNanos();
    }

    /** Of what it does. */
    @Nullable String traceparent() {
        String traceparent = state.started().traceparent();
        return spans == null ? traceparent : spans.within(head.id(), traceparent);
    }

    /** For log lines about it. */
    LogIds ids(int step, int attempt) {
        return new LogIds(
                head.tenant().value(),
                head.id().toString(),
                correlationId(),
                created ? null : state.started().traceparent(),
                step,
                attempt);
    }

    String correlationId() {
        return head.correlationId() != null ? head.correlationId() : head.id().toString();
    }
}
