package dev.gantry.orchestrator.execution;

import dev.gantry.orchestrator.engine.Command;
import dev.gantry.orchestrator.engine.ExecutionState;
import dev.gantry.orchestrator.engine.Journal;
import dev.gantry.orchestrator.engine.Lease;
import dev.gantry.orchestrator.engine.Leases;
import dev.gantry.orchestrator.id.ExecutionId;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/** What one batch of a lane leads to: what is written together, and what is done afterwards. */
final class LaneWork {
    final List<Journal.Entry> entries = new ArrayList<>();
    final Map<ExecutionId, LiveExecution> touched = new LinkedHashMap<>();
    final List<Journal.Undecided> undecided = new ArrayList<>();
    final List<Journal.StepRef> decided = new ArrayList<>();
    final EventChanges events = new EventChanges();

    /** By attempt: of more than one change in a batch, the last one counts. */
    private final Map<LeaseKey, Journal.LeaseChange> leases = new LinkedHashMap<>();

    /** Whose letters were taken, whatever came of it. */
    final List<ExecutionId> taken = new ArrayList<>();

    final List<Answer> answers = new ArrayList<>();
    final ArrayDeque<Effect> effects = new ArrayDeque<>();

    record Answer(CompletableFuture<Void> to, @Nullable RuntimeException refusal) {
        void give() {
            if (refusal == null) {
                to.complete(null);
            } else {
                to.completeExceptionally(refusal);
            }
        }
    }

    private record LeaseKey(ExecutionId id, int step, int attempt) {}

    record Effect(LiveExecution execution, Command command) {}

    /** Tells everybody who waits that it is not done. */
    void refuse(String why) {
        RuntimeException refusal = new Executions.Refused(Executions.Refused.Code.UNAVAILABLE, why);
        answers.forEach(answer -> new Answer(answer.to(), refusal).give());
    }

    boolean isEmpty() {
        return entries.isEmpty() && leases.isEmpty();
    }

    void leases(LiveExecution execution, List<Leases.Change> changes, Instant now) {
        for (Leases.Change change : changes) {
            Lease lease = change.lease();
            leases.put(
                    new LeaseKey(execution.head.id(), lease.step(), lease.attempt()),
                    new Journal.LeaseChange(
                            execution.head,
                            lease,
                            AttemptFactory.externalName(execution.head.id().value(), lease.step()),
                            change.isGone(),
                            now));
        }
    }

    Collection<Journal.LeaseChange> leases() {
        return leases.values();
    }

    /** To be called once. */
    Journal.Batch batch(LaneContext context) {
        Map<Integer, Long> epochs = new HashMap<>();
        List<Journal.HeadChange> heads = new ArrayList<>();
        Set<ExecutionId> changed = new LinkedHashSet<>();
        entries.forEach(entry -> changed.add(entry.id()));
        for (ExecutionId id : changed) {
            LiveExecution execution = Objects.requireNonNull(touched.get(id));
            epochs.put(execution.head.shard(), context.epoch(execution.head.shard()));
            heads.add(headChange(execution));
            events.listening(execution);
        }
        for (Journal.LeaseChange lease : leases.values()) {
            int shard = lease.head().shard();
            epochs.putIfAbsent(shard, context.epoch(shard));
        }
        return new Journal.Batch(
                epochs,
                entries,
                heads,
                undecided,
                decided,
                events.opened,
                events.closed,
                events.emitted,
                List.copyOf(leases.values()));
    }

    private static Journal.HeadChange headChange(LiveExecution execution) {
        ExecutionState state = execution.state;
        Journal.Residence residence =
                state.isSettled()
                        ? Journal.Residence.SETTLED
                        : state.isBusy() ? Journal.Residence.ACTIVE : Journal.Residence.PARKED;
        return new Journal.HeadChange(
                execution.head,
                execution.created,
                state.status(),
                residence,
                state.endedAt(),
                residence == Journal.Residence.PARKED ? state.nextDue() : null,
                state.error() == null
                        ? null
                        : state.error().code() != null
                                ? state.error().code()
                                : state.error().type(),
                state.version());
    }
}
