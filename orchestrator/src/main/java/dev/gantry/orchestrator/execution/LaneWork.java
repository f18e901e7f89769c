package dev.gantry.orchestrator.execution;

import dev.gantry.orchestrator.cluster.Shard;
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
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** What one batch of a lane leads to: what is written together, and what is done afterwards. */
final class LaneWork {
    final List<Journal.Entry> entries = new ArrayList<>();
    final Map<ExecutionId, LiveExecution> touched = new LinkedHashMap<>();
    final List<Journal.Undecided> undecided = new ArrayList<>();
    final List<Journal.StepRef> decided = new ArrayList<>();
    final List<Journal.StepEntry> steps = new ArrayList<>();
    final EventChanges events = new EventChanges();

    /** By attempt: of more than one change in a batch, the last one counts. */
    private final Map<LeaseKey, Journal.LeaseChange> leases = new LinkedHashMap<>();

    /** Whose letters were taken, whatever came of it. */
    final List<ExecutionId> taken = new ArrayList<>();

    final List<Answer> answers = new ArrayList<>();
    final ArrayDeque<Effect> effects = new ArrayDeque<>();

    record Answer(ExecutionId id, CompletableFuture<Void> to, @Nullable RuntimeException refusal) {
        void give() {
            if (refusal == null) {
                to.complete(null);
            } else {
                to.completeExceptionally(refusal);
            }
        }
    }

    /** Letters of other nodes, with what is answered, by their numbers. */
    private final Map<Long, Posted> posted = new LinkedHashMap<>();

    private record Posted(Shard shard, Journal.Taken taken) {}

    private record LeaseKey(ExecutionId id, int step, int attempt) {}

    record Effect(LiveExecution execution, Command command) {}

    /** Tells everybody who waits that it is not done. */
    void refuse(String why) {
        RuntimeException refusal = new Executions.Refused(Executions.Refused.Code.UNAVAILABLE, why);
        answers.forEach(answer -> new Answer(answer.id(), answer.to(), refusal).give());
    }

    boolean isEmpty() {
        return entries.isEmpty() && leases.isEmpty() && posted.isEmpty();
    }

    /** Given when it is durable; to a letter of another node, with what it leads to. */
    void answer(Letter letter, Shard shard, Executions.@Nullable Refused refusal) {
        if (letter.posted() == 0) {
            if (letter.answered() != null) {
                answers.add(new Answer(letter.id(), letter.answered(), refusal));
            }
            return;
        }
        posted.put(
                letter.posted(),
                new Posted(
                        shard,
                        new Journal.Taken(
                                letter.id(),
                                letter.posted(),
                                refusal == null ? null : refusal.posted())));
    }

    Set<Long> posted() {
        return posted.keySet();
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

    /** What concerns some executions alone. */
    LaneWork only(Predicate<ExecutionId> kept) {
        LaneWork left = new LaneWork();
        entries.stream().filter(entry -> kept.test(entry.id())).forEach(left.entries::add);
        touched.forEach((id, execution) -> {
            if (kept.test(id)) {
                left.touched.put(id, execution);
            }
        });
        steps.stream().filter(step -> kept.test(step.head().id())).forEach(left.steps::add);
        left.events.add(events, kept);
        leases.forEach((key, lease) -> {
            if (kept.test(key.id())) {
                left.leases.put(key, lease);
            }
        });
        posted.forEach((number, one) -> {
            if (kept.test(one.taken().id())) {
                left.posted.put(number, one);
            }
        });
        taken.stream().filter(kept).forEach(left.taken::add);
        answers.stream().filter(answer -> kept.test(answer.id())).forEach(left.answers::add);
        effects.stream()
                .filter(effect -> kept.test(effect.execution().head.id()))
                .forEach(left.effects::add);
        return left;
    }

    /**
     * Under which holds everything that is to be written was decided, by shard. Of two holds on one
     * shard the earlier counts, under which nothing can be written any more.
     */
    Map<Integer, Long> epochs() {
        Map<Integer, Long> epochs = new HashMap<>();
        entries.forEach(entry -> addEpoch(entry.id(), epochs));
        leases.keySet().forEach(key -> addEpoch(key.id(), epochs));
        posted.values().forEach(one -> addEpoch(one.shard(), epochs));
        return epochs;
    }

    private void addEpoch(ExecutionId id, Map<Integer, Long> epochs) {
        addEpoch(Objects.requireNonNull(Objects.requireNonNull(touched.get(id)).shard), epochs);
    }

    private static void addEpoch(Shard shard, Map<Integer, Long> epochs) {
        epochs.merge(shard.number(), shard.epoch(), Math::min);
    }

    /** To be called once. */
    Journal.Batch batch() {
        List<Journal.HeadChange> heads = new ArrayList<>();
        Map<ExecutionId, @Nullable Integer> changed = new LinkedHashMap<>();
        for (Journal.Entry entry : entries) {
            changed.put(
                    entry.id(), entry.isEnd() ? (Integer) entry.seq() : changed.get(entry.id()));
        }
        for (ExecutionId id : changed.keySet()) {
            LiveExecution execution = Objects.requireNonNull(touched.get(id));
            heads.add(headChange(execution, changed.get(id)));
            events.listening(execution);
        }
        return new Journal.Batch(
                epochs(),
                entries,
                heads,
                undecided,
                decided,
                events.opened,
                events.closed,
                events.emitted,
                List.copyOf(leases.values()),
                posted.values().stream().map(Posted::taken).toList(),
                steps);
    }

    private static Journal.HeadChange headChange(
            LiveExecution execution, @Nullable Integer endedBy) {
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
                state.version(),
                endedBy,
                state.currentTasks());
    }
}
