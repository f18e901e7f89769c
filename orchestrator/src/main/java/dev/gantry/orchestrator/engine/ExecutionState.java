package dev.gantry.orchestrator.engine;

import com.fasterxml.jackson.annotation.JsonFormat;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.NullNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.gantry.orchestrator.definition.plan.Scope;
import dev.gantry.orchestrator.definition.plan.Task;
import dev.gantry.orchestrator.definition.plan.WorkflowError;
import dev.gantry.orchestrator.definition.plan.WorkflowPlan;
import dev.gantry.orchestrator.id.DefinitionRef;
import dev.gantry.orchestrator.id.ExecutionId;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Where an execution stands: a fold over its events, and nothing else. Belongs to one shard lane;
 * not for use by several threads.
 */
public final class ExecutionState {
    /** Older events of a task that takes so many are beyond what is delivered again. */
    private static final int CONSUMED_KEPT = 1_000;

    /** Shown of one execution: they are written with each of its entries. */
    public static final int MOST_CURRENT_TASKS = 100;

    final ExecutionId id;
    final WorkflowPlan plan;
    final Map<Integer, Frame> frames = new TreeMap<>();

    /** Steps that ended and whose resources are still on the backend, by step. */
    final Map<Integer, Unreleased> unreleased = new HashMap<>();

    /** Not part of the state: what is told of the entry that comes about. */
    final Notes notes = new Notes(this);

    /** Not part of the state: where to look when an expression asks. */
    Secrets secrets = Secrets.NONE;

    ExecutionStatus status = ExecutionStatus.PENDING;

    Event.@Nullable ExecutionStarted started;
    Instant startedAt = Instant.EPOCH;
    @Nullable Instant endedAt;
    @Nullable Instant timeoutAt;
    JsonNode context = JsonNodeFactory.instance.objectNode();
    @Nullable JsonNode output;
    @Nullable WorkflowError error;

    /** The frame whose error nobody caught. */
    int faultedFrame;

    boolean suspended;
    int lastFrame;
    int version;

    /** Frames that may be able to go on; worked out again after loading. */
    final ArrayDeque<Integer> ready = new ArrayDeque<>();

    /** By pointer of a listen task: the newest events that it has taken, by position. */
    final Map<String, TreeSet<Long>> consumed = new TreeMap<>();

    /** By the frame that the task had, which grows with time. */
    final TreeMap<Integer, Compensation> compensations = new TreeMap<>();

    /** Whether something was undone. */
    boolean compensated;

    /**
     * @param pointer null in snapshots from before it was kept
     */
    record Unreleased(int attempt, String adapter, byte[] handle, @Nullable String pointer) {}

    public ExecutionState(ExecutionId id, WorkflowPlan plan) {
        this.id = id;
        this.plan = plan;
    }

    public ExecutionState with(Secrets where) {
        secrets = where;
        return this;
    }

    public ExecutionId id() {
        return id;
    }

    public ExecutionStatus status() {
        return status;
    }

    public WorkflowPlan plan() {
        return plan;
    }

    /** How many journal entries are folded in. */
    public int version() {
        return version;
    }

    public Event.ExecutionStarted started() {
        if (started == null) {
            throw new IllegalStateException("execution %s has not been started".formatted(id));
        }
        return started;
    }

    public Instant startedAt() {
        return startedAt;
    }

    public @Nullable Instant endedAt() {
        return endedAt;
    }

    public @Nullable JsonNode output() {
        return output;
    }

    public @Nullable WorkflowError error() {
        return error;
    }

    /** How it stands, as its parent hears it; a status that is not terminal means accepted. */
    public Message.ChildEnded asChild() {
        return new Message.ChildEnded(started().parentFrame(), status, output, error);
    }

    /** Whether there is nothing left to do for it: it has ended, and every resource is released. */
    public boolean isSettled() {
        return status.isTerminal() && unreleased.isEmpty();
    }

    /** Whether something of it is under way elsewhere, so that it must stay in memory. */
    public boolean isBusy() {
        return !unreleased.isEmpty()
                || !ready.isEmpty()
                || frames.values().stream().anyMatch(ExecutionState::isUnderWay);
    }

    /** Whether a call is on its way that this process alone makes, and that ends with it. */
    public boolean isCalling() {
        return frames.values().stream()
                .anyMatch(frame ->
                        isActiveStep(frame)
                                && frame.work(Work.Step.class).adapter.equals(Steps.CALLS));
    }

    /** The place of a step's task in the document. */
    public String pointer(int step) {
        return frame(step).pointer();
    }

    /** The function that a step under way calls; null for one that calls none. */
    public @Nullable DefinitionRef function(int step) {
        Frame frame = frames.get(step);
        return frame != null && frame.task instanceof Task.CallFunction call
                ? call.function()
                : null;
    }

    /** What its steps may hold on the backends of adapters that say so. */
    public Leases leases(Predicate<String> provisions) {
        return Leases.of(this, provisions);
    }

    /** Whether the step's resource is still wanted on the backend. */
    public boolean holds(int step, int attempt) {
        Unreleased left = unreleased.get(step);
        if (left != null && left.attempt() == attempt) {
            return true;
        }
        Frame frame = frames.get(step);
        return frame != null
                && frame.work instanceof Work.Step work
                && work.attempt == attempt
                && isActiveStep(frame);
    }

    private static boolean isUnderWay(Frame frame) {
        return isActiveStep(frame)
                || (frame.work instanceof Work.Child child && child.ended == null);
    }

    private static boolean isHeld(Frame frame) {
        return frame.work instanceof Work.Step step
                && step.status == StepStatus.SCHEDULED
                && step.heldSince != null;
    }

    static boolean isActiveStep(Frame frame) {
        return frame.work instanceof Work.Step step
                && switch (step.status) {
                    case SCHEDULED, RUNNING, CANCELLING -> true;
                    case BACKOFF, UNDECIDED, SUCCEEDED, FAILED, CANCELLED -> false;
                };
    }

    /**
     * One filter of a task that listens.
     *
     * @param type null for every type
     * @param correlation see {@link Correlations}; null if it is not known
     * @param since when the task began to listen
     */
    public record Listener(
            int frame,
            int filter,
            String pointer,
            @Nullable String type,
            @Nullable String correlation,
            Instant since) {}

    /** What it listens for now. */
    public List<Listener> listeners() {
        return Listens.open(this);
    }

    /** No event is taken twice by the same task, however often it is entered. */
    boolean hasConsumed(String pointer, long position) {
        TreeSet<Long> known = consumed.get(pointer);
        return known != null && known.contains(position);
    }

    void consumed(String pointer, long position) {
        TreeSet<Long> known = consumed.computeIfAbsent(pointer, at -> new TreeSet<>());
        known.add(position);
        if (known.size() > CONSUMED_KEPT) {
            known.pollFirst();
        }
    }

    /** What it does or waits for now: the innermost tasks in progress, the first of them. */
    public List<CurrentTask> currentTasks() {
        List<CurrentTask> current = new ArrayList<>();
        if (!status.isTerminal()) {
            for (Frame frame : frames.values()) {
                if (current.size() == MOST_CURRENT_TASKS) {
                    break;
                }
                CurrentTask task = Blockers.current(this, frame);
                if (task != null) {
                    current.add(task);
                }
            }
        }
        return current;
    }

    /**
     * @param waitingFor for people, null while it runs
     * @param step its number if it is a step
     * @param adapter that has it, or shall have it; null if none does
     */
    @JsonFormat(shape = JsonFormat.Shape.ARRAY)
    public record CurrentTask(
            String pointer,
            String iteration,
            String status,
            @Nullable String waitingFor,
            @Nullable Integer step,
            @Nullable String adapter) {}

    /** The next moment at which something is due by time alone, or null. */
    public @Nullable Instant nextDue() {
        if (status.isTerminal()) {
            return null;
        }
        Instant next = earlier(started().deadline(), timeoutAt);
        for (Frame frame : frames.values()) {
            next = earlier(next, frame.timeoutAt);
            if (!suspended) {
                next =
                        earlier(
                                next,
                                switch (frame.work) {
                                    case Work.Pause pause -> pause.until;
                                    case Work.Step step ->
                                            step.status == StepStatus.BACKOFF ? step.retryAt : null;
                                    case Work.Sequence sequence ->
                                            earlier(sequence.retryAt, sequence.attemptUntil);
                                    case Work.Branches _, Work.Simple _, Work.Child _ -> null;
                                });
            }
        }
        return next;
    }

    private static @Nullable Instant earlier(@Nullable Instant a, @Nullable Instant b) {
        if (a == null) {
            return b;
        }
        return b == null || a.isBefore(b) ? a : b;
    }

    /** Folds one journal entry in. */
    public void applyEntry(List<Event> events, Instant at) {
        for (Event event : events) {
            apply(event, at);
        }
        entryDone();
    }

    /** Folds one in that has no aside, or whose aside is to be made anew. */
    public Aside noteEntry(List<Event> events, Instant at) {
        for (Event event : events) {
            notes.fold(event, at);
        }
        Aside aside = notes.take();
        entryDone();
        return aside;
    }

    void entryDone() {
        version++;
        if (!status.isTerminal()) {
            status = liveStatus();
        }
    }

    private ExecutionStatus liveStatus() {
        if (suspended) {
            return ExecutionStatus.SUSPENDED;
        }
        if (!ready.isEmpty()) {
            return ExecutionStatus.RUNNING;
        }
        for (Frame frame : frames.values()) {
            if ((isActiveStep(frame) && !isHeld(frame)) || frame.work instanceof Work.Child) {
                return ExecutionStatus.RUNNING;
            }
        }
        return frames.isEmpty() ? ExecutionStatus.PENDING : ExecutionStatus.WAITING;
    }

    /** To be called once after the last entry of the journal is folded in. */
    public void loaded() {
        ready.clear();
        if (!status.isTerminal()) {
            status = liveStatus();
        }
    }

    Frame frame(int frameId) {
        Frame frame = frames.get(frameId);
        if (frame == null) {
            throw new IllegalStateException("execution %s has no frame %d".formatted(id, frameId));
        }
        return frame;
    }

    /** When the earliest timeout of the document around a frame is over, or null. */
    @Nullable Instant timeoutAround(Frame frame) {
        Instant earliest = timeoutAt;
        Frame at = frame;
        while (true) {
            earliest = earlier(earliest, at.timeoutAt);
            if (at.work instanceof Work.Sequence body && !body.handling) {
                earliest = earlier(earliest, body.attemptUntil);
            }
            if (at.id == Frame.ROOT) {
                return earliest;
            }
            at = frame(at.parent);
        }
    }

    Frame root() {
        return frame(Frame.ROOT);
    }

    Scope mainScope() {
        return plan.main();
    }

    Collection<Frame> descendants(Frame of) {
        List<Frame> below = new ArrayList<>();
        for (Frame frame : frames.values()) {
            if (frame.id != of.id && isBelow(frame, of.id)) {
                below.add(frame);
            }
        }
        return below;
    }

    /** The frame of the compensation that a frame belongs to, or 0. */
    int compensation(Frame frame) {
        Frame at = frame;
        while (at.id != Frame.ROOT) {
            if (at.compensates != 0) {
                return at.id;
            }
            at = frame(at.parent);
        }
        return 0;
    }

    private boolean isBelow(Frame frame, int ancestor) {
        Frame at = frame;
        while (at.id != Frame.ROOT) {
            if (at.parent == ancestor) {
                return true;
            }
            at = frame(at.parent);
        }
        return false;
    }

    void apply(Event event, Instant at) {
        EventFold.fold(this, event, at);
    }

    /** The task at a position below a frame. */
    Task taskAt(Frame parent, int index) {
        if (parent.task instanceof Task.Fork fork) {
            return fork.branches().get(index);
        }
        if (parent.task instanceof Task.For loop && loop.isParallel()) {
            return loop.round();
        }
        Scope scope = parent.scope(mainScope());
        if (scope == null) {
            throw new IllegalStateException(
                    "frame %d (%s) has no tasks below it".formatted(parent.id, parent.pointer()));
        }
        return scope.tasks().get(index);
    }

    static JsonNode nullNode() {
        return NullNode.getInstance();
    }

    static ObjectNode emptyObject() {
        return JsonNodeFactory.instance.objectNode();
    }
}
