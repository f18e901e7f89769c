package dev.gantry.orchestrator.engine;

import com.fasterxml.jackson.databind.JsonNode;
import dev.gantry.orchestrator.id.DefinitionRef;
import dev.gantry.orchestrator.id.ExecutionId;
import dev.gantry.orchestrator.id.Initiator;
import dev.gantry.orchestrator.id.TenantId;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Keeps what was decided. All of a batch is durable when {@link #commit} returns, or none of it.
 */
public interface Journal {

    /**
     * @throws Fenced when another node has taken some of the shards over; nothing was written
     * @throws Unavailable when the store does not answer; whether it was written is for {@link
     *     #isCommitted} to tell
     */
    void commit(Batch batch) throws Fenced, Unavailable;

    /**
     * Whether a batch whose commit ended in doubt was written.
     *
     * @throws Fenced when another node has taken some of the shards over: what is there may be its
     */
    boolean isCommitted(Batch batch) throws Fenced, Unavailable;

    /** The executions' heads, latest snapshots and the entries after them; without unknown ones. */
    Map<ExecutionId, Recorded> read(Collection<ExecutionId> ids) throws Unavailable;

    void saveSnapshot(Head head, Snapshot snapshot) throws Unavailable;

    /**
     * What is written together.
     *
     * @param epochs of every shard that the batch touches
     * @param heads one per execution that the batch touches: how it stands after its last entry
     * @param steps entries to be found by the steps that they are about
     * @param closed tasks that listen no longer, by frame; all of the execution's for frame 0
     */
    record Batch(
            Map<Integer, Long> epochs,
            List<Entry> entries,
            List<HeadChange> heads,
            List<Undecided> undecided,
            List<StepRef> decided,
            List<Opened> opened,
            List<StepRef> closed,
            List<Emitted> emitted,
            List<LeaseChange> leases,
            List<Taken> taken,
            List<StepEntry> steps) {
        /** Whether nothing has to be written. */
        public boolean isEmpty() {
            return entries.isEmpty() && leases.isEmpty() && taken.isEmpty();
        }

        /**
         * What concerns some executions alone.
         *
         * @param left the epochs of their shards
         */
        public Batch only(Predicate<ExecutionId> kept, Map<Integer, Long> left) {
            return new Batch(
                    left,
                    filtered(entries, Entry::id, kept),
                    filtered(heads, change -> change.head().id(), kept),
                    filtered(undecided, one -> one.head().id(), kept),
                    filtered(decided, StepRef::id, kept),
                    filtered(opened, one -> one.head().id(), kept),
                    filtered(closed, StepRef::id, kept),
                    filtered(emitted, one -> one.head().id(), kept),
                    filtered(leases, lease -> lease.head().id(), kept),
                    filtered(taken, Taken::id, kept),
                    filtered(steps, step -> step.head().id(), kept));
        }

        /** Of lanes whose executions are their own. */
        public static Batch merged(List<Batch> all) {
            Map<Integer, Long> epochs = new HashMap<>();
            all.forEach(one -> epochs.putAll(one.epochs()));
            return new Batch(
                    epochs,
                    joined(all, Batch::entries),
                    joined(all, Batch::heads),
                    joined(all, Batch::undecided),
                    joined(all, Batch::decided),
                    joined(all, Batch::opened),
                    joined(all, Batch::closed),
                    joined(all, Batch::emitted),
                    joined(all, Batch::leases),
                    joined(all, Batch::taken),
                    joined(all, Batch::steps));
        }

        public static <B, T extends @Nullable Object> List<T> joined(
                List<B> all, Function<B, List<T>> of) {
            List<T> joined = new ArrayList<>();
            all.forEach(one -> joined.addAll(of.apply(one)));
            return joined;
        }

        private static <T> List<T> filtered(
                List<T> all, Function<T, ExecutionId> id, Predicate<ExecutionId> kept) {
            return all.stream().filter(one -> kept.test(id.apply(one))).toList();
        }
    }

    /**
     * How what an attempt may hold on a backend stands from this commit on; at most one for each.
     *
     * @param isGone whether nothing of it is left
     */
    record LeaseChange(Head head, Lease lease, String externalName, boolean isGone, Instant at) {}

    /**
     * A message that another node has sent, see {@link Post}.
     *
     * @param refusal why it is not done; null if it is
     */
    record Taken(ExecutionId id, long number, Post.@Nullable Refusal refusal) {}

    /** An entry that is about a step, of an execution that has too many to look through. */
    record StepEntry(Head head, int step, int entry) {}

    /** A listener that is open from this commit on. */
    record Opened(Head head, ExecutionState.Listener listener) {}

    /** An event that an execution sends. */
    record Emitted(Head head, JsonNode event) {}

    /**
     * @param seq from 1, without gaps
     * @param aside for readers alone
     */
    record Entry(
            ExecutionId id,
            TenantId tenant,
            Initiator initiator,
            int seq,
            Instant at,
            List<Event> events,
            Aside aside) {
        /** Whether the execution is at an end with it. */
        public boolean isEnd() {
            return events.stream()
                    .anyMatch(event ->
                            event instanceof Event.ExecutionCompleted
                                    || event instanceof Event.ExecutionFaulted
                                    || event instanceof Event.ExecutionCancelled);
        }
    }

    /** What never changes about an execution. */
    record Head(
            ExecutionId id,
            TenantId tenant,
            Initiator initiator,
            int shard,
            DefinitionRef definition,
            @Nullable String correlationId,
            @Nullable ExecutionId parent,
            Instant startedAt) {}

    /**
     * @param endedBy the entry of this batch that brought it to an end; null for none of them
     * @param current what it does or waits for now
     */
    record HeadChange(
            Head head,
            boolean created,
            ExecutionStatus status,
            Residence residence,
            @Nullable Instant endedAt,
            @Nullable Instant wakeAt,
            @Nullable String errorCode,
            int entries,
            @Nullable Integer endedBy,
            List<ExecutionState.CurrentTask> current) {}

    /** Where an execution is between its entries. */
    enum Residence {
        /** Something of it is under way: the shard's owner holds it in memory. */
        ACTIVE,
        /** It waits: it may leave memory, and comes back at its time or when called. */
        PARKED,
        /** Nothing is left to do. */
        SETTLED
    }

    record Undecided(
            Head head,
            int step,
            String pointer,
            int attempt,
            String code,
            String message,
            Instant since) {}

    record StepRef(ExecutionId id, int step) {}

    record Recorded(Head head, @Nullable Snapshot snapshot, List<Entry> entries) {}

    /**
     * @param seq the last entry that is folded in
     */
    record Snapshot(int seq, StateImage image) {}

    /** Shards belong to somebody else; what concerns the others can be written without them. */
    final class Fenced extends Exception {
        private static final long serialVersionUID = 1L;

        private final transient Set<Integer> shards;

        public Fenced(Set<Integer> shards) {
            super("shards %s are not held any more".formatted(new TreeSet<>(shards)));
            this.shards = Set.copyOf(shards);
        }

        /** Those that are lost. */
        public Set<Integer> shards() {
            return shards;
        }
    }

    /** The store failed. */
    final class Unavailable extends Exception {
        private static final long serialVersionUID = 1L;
        private final boolean transientFailure;

        public Unavailable(String message, Throwable cause, boolean transientFailure) {
            super(message, cause);
            this.transientFailure = transientFailure;
        }

        /** Whether the same may work later; otherwise what was to be written is at fault. */
        public boolean isTransient() {
            return transientFailure;
        }
    }
}
