package dev.gantry.orchestrator.engine;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.databind.JsonNode;
import dev.gantry.orchestrator.definition.plan.Task;
import dev.gantry.orchestrator.definition.plan.WorkflowError;
import dev.gantry.orchestrator.definition.plan.WorkflowPlan;
import dev.gantry.orchestrator.id.ExecutionId;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** An {@link ExecutionState} as a value, for snapshots. */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record StateImage(
        Event.ExecutionStarted started,
        Instant startedAt,
        @Nullable Instant endedAt,
        @Nullable Instant timeoutAt,
        ExecutionStatus status,
        JsonNode context,
        @Nullable JsonNode output,
        @Nullable WorkflowError error,
        int faultedFrame,
        boolean suspended,
        int lastFrame,
        int version,
        List<FrameImage> frames,
        Map<Integer, ExecutionState.Unreleased> unreleased,
        @Nullable Map<String, TreeSet<Long>> consumed,
        boolean compensated,
        List<CompensationImage> compensations) {

    /** A {@link Compensation}; its task is found by its place. */
    record CompensationImage(
            int frame,
            List<Integer> below,
            String pointer,
            String iteration,
            JsonNode input,
            JsonNode output) {}

    record FrameImage(
            int id,
            int parent,
            int index,
            String iteration,
            Instant startedAt,
            JsonNode rawInput,
            JsonNode input,
            @Nullable Instant timeoutAt,
            Work work,
            @Nullable Ending ending,
            int compensates) {}

    /** The kinds of work that an image may hold, for the codec. */
    public static List<Class<?>> workTypes() {
        return List.of(Work.class.getPermittedSubclasses());
    }

    public static StateImage of(ExecutionState state) {
        return new StateImage(
                state.started(),
                state.startedAt,
                state.endedAt,
                state.timeoutAt,
                state.status,
                state.context,
                state.output,
                state.error,
                state.faultedFrame,
                state.suspended,
                state.lastFrame,
                state.version,
                state.frames.values().stream()
                        .map(f ->
                                new FrameImage(
                                        f.id,
                                        f.parent,
                                        f.index,
                                        f.iteration,
                                        f.startedAt,
                                        f.rawInput,
                                        f.input,
                                        f.timeoutAt,
                                        f.work,
                                        f.ending,
                                        f.compensates))
                        .toList(),
                Map.copyOf(state.unreleased),
                state.consumed.isEmpty() ? null : copy(state.consumed),
                state.compensated,
                state.compensations.values().stream()
                        .map(c ->
                                new CompensationImage(
                                        c.frame(),
                                        c.below(),
                                        c.task().pointer(),
                                        c.iteration(),
                                        c.input(),
                                        c.output()))
                        .toList());
    }

    private static Map<String, TreeSet<Long>> copy(Map<String, TreeSet<Long>> consumed) {
        Map<String, TreeSet<Long>> copy = new TreeMap<>();
        consumed.forEach((pointer, positions) -> copy.put(pointer, new TreeSet<>(positions)));
        return copy;
    }

    /**
     * @param plan the version that the execution started with
     */
    public ExecutionState restore(ExecutionId id, WorkflowPlan plan) {
        ExecutionState state = new ExecutionState(id, plan);
        state.started = started;
        state.startedAt = startedAt;
        state.endedAt = endedAt;
        state.timeoutAt = timeoutAt;
        state.status = status;
        state.context = context;
        state.output = output;
        state.error = error;
        state.faultedFrame = faultedFrame;
        state.suspended = suspended;
        state.lastFrame = lastFrame;
        state.version = version;
        state.unreleased.putAll(unreleased);
        if (consumed != null) {
            state.consumed.putAll(copy(consumed));
        }
        state.compensated = compensated;
        for (CompensationImage c : compensations) {
            state.compensations.put(
                    c.frame(),
                    new Compensation(
                            c.frame(),
                            c.below(),
                            plan.task(c.pointer()),
                            c.iteration(),
                            c.input(),
                            c.output()));
        }
        // Parents have lower numbers than what is below them, so each finds its own.
        for (FrameImage f : frames) {
            Task task = f.id() == Frame.ROOT ? null : task(state, f);
            Frame frame =
                    new Frame(
                            f.id(),
                            f.parent(),
                            f.index(),
                            f.iteration(),
                            task,
                            f.startedAt(),
                            f.rawInput(),
                            f.input(),
                            f.timeoutAt(),
                            f.work());
            frame.ending = f.ending();
            frame.compensates = f.compensates();
            state.frames.put(f.id(), frame);
        }
        return state;
    }

    private static @Nullable Task task(ExecutionState state, FrameImage f) {
        Compensation undone = state.compensations.get(f.compensates());
        return undone != null
                ? undone.task().common().compensation()
                : state.taskAt(state.frame(f.parent()), f.index());
    }
}
