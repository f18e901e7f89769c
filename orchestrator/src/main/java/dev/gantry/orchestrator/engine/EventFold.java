package dev.gantry.orchestrator.engine;

import com.fasterxml.jackson.databind.JsonNode;
import dev.gantry.orchestrator.definition.plan.Directive;
import dev.gantry.orchestrator.definition.plan.Task;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What each event changes. No expression is evaluated here, and nothing is decided. */
final class EventFold {
    private EventFold() {}

    static void fold(ExecutionState state, Event event, Instant at) {
        switch (event) {
            case Event.ExecutionStarted e -> {
                state.started = e;
                state.startedAt = at;
            }
            case Event.InputAccepted e -> inputAccepted(state, e, at);
            case Event.ExecutionSuspended _ -> state.suspended = true;
            case Event.ExecutionResumed _ -> {
                state.suspended = false;
                readyAll(state);
            }
            case Event.CancelRequested _ -> {}
            case Event.ExecutionRetried _ -> retried(state);
            case Event.ExecutionCompleted e -> {
                state.output = e.output() != null ? e.output() : sequence(state, Frame.ROOT).value;
                end(state, ExecutionStatus.COMPLETED, at);
            }
            case Event.ExecutionFaulted e -> {
                state.error = e.error();
                state.faultedFrame = e.frame();
                state.status = ExecutionStatus.FAULTED;
                state.endedAt = at;
                state.ready.clear();
            }
            case Event.ExecutionCancelled _ -> end(state, ExecutionStatus.CANCELLED, at);
            case Event.TaskEntered e -> entered(state, e, at);
            case Event.TaskSkipped e -> {
                sequence(state, e.parent()).position = e.index() + 1;
                state.ready.add(e.parent());
            }
            case Event.TaskCompleted e -> completed(state, e);
            case Event.TaskFaulted _ -> {}
            case Event.WaitStarted e -> state.frame(e.frame()).work = new Work.Pause(e.until());
            case Event.WaitEnded e -> {
                Frame frame = state.frame(e.frame());
                Work.Simple done = new Work.Simple();
                done.output = frame.input;
                frame.work = done;
                state.ready.add(frame.id);
            }
            case Event.LoopStarted e -> loopStarted(state, e);
            case Event.RoundStarted e -> {
                Work.Sequence loop = sequence(state, e.frame());
                loop.round = e.round();
                loop.position = 0;
                if (loop.listening != null) {
                    loop.value = loop.listening.events.get(e.round());
                }
                state.ready.add(e.frame());
            }
            case Event.ErrorCaught e -> {
                Work.Sequence body = unwind(state, e.frame());
                body.handling = true;
                body.caught = e.error();
                body.retryAt = null;
                state.frame(e.frame()).ending = null;
                state.ready.add(e.frame());
            }
            case Event.TryRetryScheduled e -> {
                Work.Sequence body = unwind(state, e.frame());
                body.caught = e.error();
                body.retries++;
                body.retryAt = e.at();
                state.frame(e.frame()).ending = null;
                if (body.firstFailureAt == null) {
                    body.firstFailureAt = at;
                }
            }
            case Event.TryRestarted e -> {
                Work.Sequence body = sequence(state, e.frame());
                body.retryAt = null;
                body.caught = null;
                state.ready.add(e.frame());
            }
            case Event.TryAttemptStarted e -> {
                sequence(state, e.frame()).attemptUntil = e.until();
                state.ready.add(e.frame());
            }
            case Event.EndingRequested e -> {
                state.frame(e.frame()).ending = e.ending();
                state.ready.add(e.frame());
            }
            case Event.StepScheduled e -> scheduled(state, e, at);
            case Event.StepHeld e -> step(state, e.frame()).hold(e.since(), e.reason());
            case Event.StepProvisioned e -> {
                Work.Step step = step(state, e.frame());
                step.hold(null, null);
                step.handle = e.handle();
                step.provisionedAt = at;
                if (step.status == StepStatus.SCHEDULED) {
                    step.status = StepStatus.RUNNING;
                }
            }
            case Event.StepUncollected _ -> {}
            case Event.StepEnded e -> stepEnded(state, e);
            case Event.StepRetryScheduled e -> {
                Work.Step step = step(state, e.frame());
                step.status = StepStatus.BACKOFF;
                step.retryAt = e.at();
            }
            case Event.StepUndecided e -> step(state, e.frame()).status = StepStatus.UNDECIDED;
            case Event.StepDecided e -> decided(state, e);
            case Event.StepCancelling e -> step(state, e.frame()).status = StepStatus.CANCELLING;
            case Event.StepReleased e -> released(state, e.step(), e.attempt());
            case Event.StepReleaseFailed e -> released(state, e.step(), e.attempt());
            case Event.EventEmitted e -> {
                state.frame(e.frame()).work(Work.Simple.class).output = e.event();
                state.ready.add(e.frame());
            }
            case Event.ListenStarted e -> listenStarted(state, e, at);
            case Event.EventConsumed e -> consumed(state, e);
            case Event.EventProcessed e -> {
                listening(state, e.frame()).outputs.add(e.output());
                if (e.context() != null) {
                    state.context = e.context();
                }
                state.ready.add(e.frame());
            }
            case Event.CompensationStarted e -> compensationStarted(state, e, at);
            case Event.CompensationEnded e -> {
                Frame frame = state.frame(e.frame());
                state.descendants(frame).forEach(below -> remove(state, below));
                remove(state, frame);
                state.compensations.remove(frame.compensates);
                state.ready.add(frame.parent);
            }
            case Event.ChildStarted e -> {
                Frame frame = state.frame(e.frame());
                frame.work = new Work.Child(e.child(), e.input() != null ? e.input() : frame.input);
            }
            case Event.ChildEnded e -> {
                state.frame(e.frame()).work(Work.Child.class).ended = e;
                state.ready.add(e.frame());
            }
        }
    }

    private static void compensationStarted(
            ExecutionState state, Event.CompensationStarted e, Instant at) {
        Compensation undone = java.util.Objects.requireNonNull(state.compensations.get(e.of()));
        Frame frame =
                new Frame(
                        e.frame(),
                        e.parent(),
                        -1,
                        undone.iteration(),
                        undone.task().common().compensation(),
                        at,
                        undone.output(),
                        undone.output(),
                        null,
                        new Work.Sequence(undone.output()));
        frame.compensates = e.of();
        state.compensated = true;
        state.frames.put(e.frame(), frame);
        state.lastFrame = Math.max(state.lastFrame, e.frame());
        state.ready.add(e.frame());
    }

    /** A completed task can be undone from now on, unless it is part of an undoing itself. */
    private static void noteCompensation(ExecutionState state, Frame frame, JsonNode output) {
        Task task = frame.requireTask();
        if (task.common().compensation() == null || state.compensation(frame) != 0) {
            return;
        }
        List<Integer> below = new java.util.ArrayList<>();
        for (Frame up = frame; up.id != Frame.ROOT; up = state.frame(up.parent)) {
            below.add(up.parent);
        }
        state.compensations.put(
                frame.id,
                new Compensation(frame.id, below, task, frame.iteration, frame.input, output));
    }

    private static void loopStarted(ExecutionState state, Event.LoopStarted e) {
        if (state.frame(e.frame()).work instanceof Work.Branches rounds) {
            rounds.items = e.items();
            rounds.size = e.items().size();
        } else {
            sequence(state, e.frame()).items = e.items();
        }
        state.ready.add(e.frame());
    }

    private static void listenStarted(ExecutionState state, Event.ListenStarted e, Instant at) {
        Work.Listening listening = new Work.Listening();
        listening.expected.putAll(e.expected());
        listening.since = at;
        sequence(state, e.frame()).listening = listening;
    }

    private static void consumed(ExecutionState state, Event.EventConsumed e) {
        Work.Listening listening = listening(state, e.frame());
        listening.matched.add(e.filter());
        listening.expected.putAll(e.correlated());
        listening.done = e.done();
        if (e.event() != null) {
            listening.events.add(e.event());
        }
        state.consumed(state.frame(e.frame()).pointer(), e.position());
        Event.ExecutionStarted started = state.started();
        if (started.traceparent() == null && e.traceparent() != null) {
            state.started = started.within(e.traceparent());
        }
        state.ready.add(e.frame());
    }

    private static Work.Listening listening(ExecutionState state, int frame) {
        return java.util.Objects.requireNonNull(sequence(state, frame).listening);
    }

    private static void inputAccepted(ExecutionState state, Event.InputAccepted e, Instant at) {
        JsonNode raw = state.started().input();
        JsonNode input = e.input() != null ? e.input() : raw;
        state.timeoutAt = e.timeoutAt();
        state.frames.put(
                Frame.ROOT,
                new Frame(
                        Frame.ROOT,
                        Frame.ROOT,
                        0,
                        "",
                        null,
                        at,
                        raw,
                        input,
                        null,
                        new Work.Sequence(input)));
        state.ready.add(Frame.ROOT);
    }

    private static void entered(ExecutionState state, Event.TaskEntered e, Instant at) {
        Frame parent = state.frame(e.parent());
        Task task = state.taskAt(parent, e.index());
        JsonNode raw;
        if (parent.work instanceof Work.Branches branches) {
            branches.children.put(e.index(), e.frame());
            raw = parent.input;
        } else {
            Work.Sequence sequence = parent.work(Work.Sequence.class);
            sequence.position = e.index();
            sequence.child = e.frame();
            raw = sequence.value;
        }
        JsonNode input = e.input() != null ? e.input() : raw;
        Work work =
                switch (task) {
                    case Task.For loop when loop.isParallel() -> new Work.Branches(-1);
                    case Task.Do _, Task.Extended _, Task.For _, Task.Try _, Task.Listen _ ->
                            new Work.Sequence(input);
                    case Task.Fork fork -> new Work.Branches(fork.branches().size());
                    case Task.Set _,
                            Task.Emit _,
                            Task.Switch _,
                            Task.Raise _,
                            Task.Wait _,
                            Task.CallFunction _,
                            Task.CallHttp _,
                            Task.CallOpenApi _,
                            Task.CallGrpc _,
                            Task.RunProcess _,
                            Task.RunWorkflow _ ->
                            new Work.Simple();
                };
        state.frames.put(
                e.frame(),
                new Frame(
                        e.frame(),
                        e.parent(),
                        e.index(),
                        e.iteration(),
                        task,
                        at,
                        raw,
                        input,
                        e.timeoutAt(),
                        work));
        state.lastFrame = Math.max(state.lastFrame, e.frame());
        state.ready.add(e.frame());
    }

    private static void completed(ExecutionState state, Event.TaskCompleted e) {
        Frame frame = state.frame(e.frame());
        JsonNode output = e.output() != null ? e.output() : rawOutput(frame);
        if (e.context() != null) {
            state.context = e.context();
        }
        noteCompensation(state, frame, output);
        if (frame.work instanceof Work.Branches) {
            // A competing fork ends with its losers still there.
            for (Frame below : state.descendants(frame)) {
                remove(state, below);
            }
        }
        remove(state, frame);
        Frame parent = state.frame(frame.parent);
        if (parent.work instanceof Work.Branches branches) {
            branches.outputs.put(frame.index, output);
        } else {
            Work.Sequence sequence = parent.work(Work.Sequence.class);
            sequence.child = 0;
            if (parent.task instanceof Task.Extended extended) {
                sequence.goOn(extended, frame.index, output, e.next());
            } else {
                sequence.value = output;
                sequence.position =
                        e.next() instanceof Directive.GoTo target
                                ? target.index()
                                : Integer.MAX_VALUE;
            }
        }
        state.ready.add(parent.id);
    }

    /** What a frame has worked out, before {@code output.as}. */
    static JsonNode rawOutput(Frame frame) {
        return switch (frame.work) {
            case Work.Sequence sequence -> sequence.value;
            case Work.Simple simple -> simple.output != null ? simple.output : frame.input;
            case Work.Step step ->
                    step.result instanceof StepResult.Succeeded succeeded
                            ? succeeded.output()
                            : frame.input;
            case Work.Child child ->
                    child.ended != null && child.ended.output() != null
                            ? child.ended.output()
                            : frame.input;
            case Work.Branches _, Work.Pause _ -> frame.input;
        };
    }

    private static void scheduled(ExecutionState state, Event.StepScheduled e, Instant at) {
        Frame frame = state.frame(e.frame());
        Work.Step step;
        if (frame.work instanceof Work.Step again) {
            step = again;
        } else {
            step = new Work.Step(e.input() != null ? e.input() : frame.input, at);
            step.key = e.key();
            frame.work = step;
        }
        step.status = StepStatus.SCHEDULED;
        step.attempt = e.attempt();
        step.adapter = e.adapter();
        step.runtimeClass = e.runtimeClass();
        step.scheduledAt = at;
        step.handle = null;
        step.provisionedAt = null;
        step.retryAt = null;
        step.hold(null, null);
        step.result = null;
    }

    private static void stepEnded(ExecutionState state, Event.StepEnded e) {
        Work.Step step = step(state, e.frame());
        if (!e.released() && e.uncollected() == null && step.handle != null) {
            state.unreleased.put(
                    e.frame(),
                    new ExecutionState.Unreleased(
                            e.attempt(),
                            step.adapter,
                            step.handle,
                            state.frame(e.frame()).pointer()));
        }
        step.result = e.result();
        step.status =
                switch (e.result()) {
                    case StepResult.Succeeded _ -> StepStatus.SUCCEEDED;
                    case StepResult.Failed _ -> StepStatus.FAILED;
                    case StepResult.Cancelled _ -> StepStatus.CANCELLED;
                };
        state.ready.add(e.frame());
    }

    private static void decided(ExecutionState state, Event.StepDecided e) {
        Work.Step step = step(state, e.frame());
        if (e.output() != null) {
            step.result = new StepResult.Succeeded(e.output(), null);
            step.status = StepStatus.SUCCEEDED;
        }
        state.ready.add(e.frame());
    }

    private static void released(ExecutionState state, int step, int attempt) {
        ExecutionState.Unreleased left = state.unreleased.get(step);
        if (left != null && left.attempt() == attempt) {
            state.unreleased.remove(step);
        }
        if (state.frames.containsKey(step)) {
            state.ready.add(step);
        }
    }

    /** Removes everything below a try and puts it back to its beginning. */
    private static Work.Sequence unwind(ExecutionState state, int tryFrame) {
        Frame frame = state.frame(tryFrame);
        for (Frame below : state.descendants(frame)) {
            remove(state, below);
        }
        Work.Sequence body = frame.work(Work.Sequence.class);
        body.position = 0;
        body.child = 0;
        body.attemptUntil = null;
        body.value = frame.input;
        return body;
    }

    /** Puts a faulted execution back to just before the tasks that did not succeed. */
    private static void retried(ExecutionState state) {
        state.error = null;
        state.endedAt = null;
        state.status = ExecutionStatus.RUNNING;
        state.faultedFrame = 0;
        // Time that was up stays up no longer: an operator took the execution up knowingly.
        state.timeoutAt = null;
        for (Frame frame : List.copyOf(state.frames.values())) {
            frame.ending = null;
            frame.timeoutAt = null;
            if (mustBeEnteredAgain(frame)) {
                remove(state, frame);
                if (state.frame(frame.parent).work instanceof Work.Sequence sequence) {
                    sequence.child = 0;
                }
            }
        }
        readyAll(state);
    }

    private static boolean mustBeEnteredAgain(Frame frame) {
        return switch (frame.work) {
            case Work.Simple _ -> true;
            case Work.Step step -> step.status != StepStatus.SUCCEEDED;
            case Work.Child child ->
                    child.ended != null && child.ended.status() != ExecutionStatus.COMPLETED;
            case Work.Sequence _, Work.Branches _, Work.Pause _ -> false;
        };
    }

    private static void end(ExecutionState state, ExecutionStatus status, Instant at) {
        state.status = status;
        state.endedAt = at;
        state.frames.clear();
        state.ready.clear();
    }

    private static void readyAll(ExecutionState state) {
        state.ready.clear();
        state.ready.addAll(state.frames.keySet());
    }

    private static void remove(ExecutionState state, Frame frame) {
        state.frames.remove(frame.id);
        Frame parent = state.frames.get(frame.parent);
        if (parent != null && parent.work instanceof Work.Branches branches) {
            branches.children.remove(frame.index, frame.id);
        }
    }

    private static Work.Sequence sequence(ExecutionState state, int frame) {
        return state.frame(frame).work(Work.Sequence.class);
    }

    private static Work.Step step(ExecutionState state, int frame) {
        return state.frame(frame).work(Work.Step.class);
    }

    /**
     * Null if the value is the very one that the state holds, so that it is not journaled again.
     */
    @SuppressWarnings(
            "ReferenceEquality") // equal but other is rare, and comparing trees is not cheap
    static @Nullable JsonNode unlessSame(JsonNode value, JsonNode known) {
        return value == known ? null : value;
    }
}
