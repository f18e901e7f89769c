package dev.gantry.orchestrator.engine;

import dev.gantry.orchestrator.definition.plan.DurationTemplate;
import dev.gantry.orchestrator.definition.plan.WorkflowError;
import dev.gantry.orchestrator.definition.plan.WorkflowError.Standard;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** One decision in the making: takes the message in, then drives every frame that can go on. */
final class Turn {
    final ExecutionState state;
    final Circumstances circumstances;
    final Instant now;
    final List<Event> events = new ArrayList<>();
    final List<Command> commands = new ArrayList<>();
    final Flow flow;
    final Steps steps;
    final Faults faults;
    final Children children;
    final Listens listens;
    final Compensations compensations;

    Turn(ExecutionState state, Circumstances circumstances) {
        this.state = state;
        this.circumstances = circumstances;
        this.now = circumstances.now();
        this.flow = new Flow(this);
        this.steps = new Steps(this);
        this.faults = new Faults(this);
        this.children = new Children(this);
        this.listens = new Listens(this);
        this.compensations = new Compensations(this);
    }

    /** Journals an event and folds it in at once, so that what follows sees it. */
    void emit(Event event) {
        events.add(event);
        state.notes.fold(event, now);
    }

    void warn(String text) {
        commands.add(new Command.Warn(text));
    }

    void receive(Message message) {
        switch (message) {
            case Message.Start start -> {
                emit(start.started());
                flow.acceptInput();
            }
            case Message.Proceed _ -> {}
            case Message.Provisioned m -> steps.provisioned(m);
            case Message.Held m -> steps.held(m);
            case Message.Uncollected m -> steps.uncollected(m);
            case Message.Ended m -> steps.ended(m);
            case Message.Released m -> steps.released(m);
            case Message.ChildEnded m -> children.ended(m);
            case Message.EventArrived m -> listens.arrived(m);
            case Message.Cancel m -> {
                emit(new Event.CancelRequested(m.by(), m.reason()));
                if (state.frames.isEmpty()) {
                    flow.cancelled();
                } else {
                    emit(new Event.EndingRequested(Frame.ROOT, new Ending.Cancel()));
                }
            }
            case Message.Suspend m -> emit(new Event.ExecutionSuspended(m.by(), m.reason()));
            case Message.Resume m -> emit(new Event.ExecutionResumed(m.by()));
            case Message.Retry m -> retry(m.by());
            case Message.Decide m -> steps.decided(m);
        }
    }

    private void retry(String by) {
        emit(new Event.ExecutionRetried(by));
        if (state.suspended) {
            emit(new Event.ExecutionResumed(by));
        }
        if (state.lastFrame == 0) {
            // It faulted before its first task, perhaps by its input.
            flow.acceptInput();
        }
    }

    void goOn() {
        if (state.status.isTerminal()) {
            return;
        }
        expire();
        int budget = circumstances.limits().eventsPerDecision();
        while (!state.status.isTerminal()) {
            Integer next = state.ready.poll();
            if (next == null) {
                return;
            }
            Frame frame = state.frames.get(next);
            if (frame != null) {
                progress(frame);
            }
            if (events.size() >= budget && !state.ready.isEmpty() && !state.status.isTerminal()) {
                commands.add(new Command.Continue());
                return;
            }
        }
    }

    /** Finds what is due by now. */
    private void expire() {
        WorkflowError over = null;
        if (!now.isBefore(state.started().deadline())) {
            over = timeout("", "MAX_DURATION_EXCEEDED", "the execution's maximum duration is over");
        } else if (state.timeoutAt != null && !now.isBefore(state.timeoutAt)) {
            over = timeout("", "TIMEOUT", "the workflow's timeout is over");
        }
        Frame root = state.frames.get(Frame.ROOT);
        if (over != null && root != null && root.ending == null) {
            emit(new Event.EndingRequested(Frame.ROOT, new Ending.Fault(over, false)));
        }
        for (Frame frame : List.copyOf(state.frames.values())) {
            if (frame.timeoutAt != null && !now.isBefore(frame.timeoutAt) && frame.ending == null) {
                emit(
                        new Event.EndingRequested(
                                frame.id,
                                new Ending.Fault(
                                        timeout(
                                                frame.pointer(),
                                                "TIMEOUT",
                                                "the task's timeout is over"),
                                        mayHaveCommitted(frame))));
            } else if (isAttemptOver(frame)) {
                emit(
                        new Event.EndingRequested(
                                frame.id,
                                new Ending.Caught(
                                        timeout(
                                                frame.pointer(),
                                                "TIMEOUT",
                                                "the attempt took longer than its retry policy allows"),
                                        mayHaveCommitted(frame))));
            } else if (isDue(frame)) {
                state.ready.add(frame.id);
            }
        }
    }

    /** Whether work that was stopped by time may have taken effect. */
    private boolean mayHaveCommitted(Frame frame) {
        return steps.isRisky(frame) || state.descendants(frame).stream().anyMatch(steps::isRisky);
    }

    private boolean isAttemptOver(Frame frame) {
        return frame.ending == null
                && frame.work instanceof Work.Sequence body
                && body.attemptUntil != null
                && !body.handling
                && !now.isBefore(body.attemptUntil);
    }

    private boolean isDue(Frame frame) {
        Instant at =
                switch (frame.work) {
                    case Work.Pause pause -> pause.until;
                    case Work.Step step -> step.status == StepStatus.BACKOFF ? step.retryAt : null;
                    case Work.Sequence sequence -> sequence.retryAt;
                    case Work.Branches _, Work.Simple _, Work.Child _ -> null;
                };
        return at != null && !now.isBefore(at);
    }

    private static WorkflowError timeout(String pointer, String code, String detail) {
        return Standard.TIMEOUT.at(pointer, code, detail);
    }

    private void progress(Frame frame) {
        Frame ending = outermostEnding(frame);
        if (ending != null) {
            faults.settle(ending);
        } else if (!state.suspended) {
            switch (frame.work) {
                case Work.Sequence sequence -> flow.sequence(frame, sequence);
                case Work.Branches branches -> flow.branches(frame, branches);
                case Work.Simple simple -> flow.simple(frame, simple);
                case Work.Pause pause -> {
                    if (!now.isBefore(pause.until)) {
                        emit(new Event.WaitEnded(frame.id));
                    }
                }
                case Work.Step step -> steps.progress(frame, step);
                case Work.Child child -> children.progress(frame, child);
            }
        }
    }

    private @Nullable Frame outermostEnding(Frame frame) {
        Frame found = null;
        Frame at = frame;
        while (true) {
            if (at.ending != null) {
                found = at;
            }
            // What undoes goes on while what is around it ends.
            if (at.id == Frame.ROOT || at.compensates != 0) {
                return found;
            }
            at = state.frame(at.parent);
        }
    }

    /** The moment at which a timeout that starts now is over. */
    @Nullable Instant after(@Nullable DurationTemplate timeout, Data data)
            throws dev.gantry.orchestrator.definition.plan.ExpressionException {
        return timeout == null ? null : now.plus(timeout.evaluate(data.input(), data));
    }
}
