package dev.gantry.orchestrator.engine;

import com.fasterxml.jackson.databind.JsonNode;
import dev.gantry.orchestrator.definition.plan.Arguments;
import dev.gantry.orchestrator.definition.plan.ExpressionException;
import dev.gantry.orchestrator.definition.plan.RetryPolicy;
import dev.gantry.orchestrator.definition.plan.Task;
import dev.gantry.orchestrator.definition.plan.WorkflowError;
import java.util.ArrayList;
import java.util.List;

/** Errors on their way up, and the ending of everything below a frame. */
final class Faults {
    private final Turn turn;
    private final ExecutionState state;

    Faults(Turn turn) {
        this.turn = turn;
        this.state = turn.state;
    }

    /** What a try does with an error. */
    private enum Reaction {
        PASS,
        RETRY,
        HANDLE
    }

    /** An error arises at a frame; it was not caused by work that may have taken effect. */
    void raise(Frame frame, WorkflowError error) {
        raise(frame, error, false);
    }

    void raise(Frame frame, WorkflowError error, boolean mayHaveCommitted) {
        turn.emit(new Event.TaskFaulted(frame.id, error, mayHaveCommitted));
        propagate(frame, error, mayHaveCommitted);
    }

    private void propagate(Frame from, WorkflowError error, boolean mayHaveCommitted) {
        Frame at = from;
        while (at.id != Frame.ROOT) {
            if (at.compensates != 0) {
                turn.compensations.failed(at, error, mayHaveCommitted);
                return;
            }
            Frame parent = state.frame(at.parent);
            if (parent.work instanceof Work.Branches) {
                // The other branches end first: a handler must not run beside what it cleans up
                // after.
                turn.emit(
                        new Event.EndingRequested(
                                parent.id, new Ending.Fault(error, mayHaveCommitted)));
                return;
            }
            if (parent.task instanceof Task.Try attempt
                    && react(attempt, parent, error, mayHaveCommitted)) {
                return;
            }
            at = parent;
        }
        unhandled(from, error, mayHaveCommitted);
    }

    /** The execution faults, once what it has done is undone. */
    void unhandled(Frame from, WorkflowError error, boolean mayHaveCommitted) {
        if (turn.compensations.isOpen(state.root())) {
            turn.emit(
                    new Event.EndingRequested(
                            Frame.ROOT, new Ending.Fault(error, mayHaveCommitted)));
        } else {
            uncaught(from, error);
        }
    }

    void uncaught(Frame frame, WorkflowError error) {
        turn.emit(new Event.ExecutionFaulted(frame.id, error));
        turn.children.notifyParent();
    }

    /** Whether some try above would catch the error. */
    boolean isCaught(Frame frame, WorkflowError error, boolean mayHaveCommitted) {
        Frame at = frame;
        while (at.id != Frame.ROOT && at.compensates == 0) {
            at = state.frame(at.parent);
            if (at.task instanceof Task.Try attempt
                    && reaction(attempt, at, error, mayHaveCommitted) != Reaction.PASS) {
                return true;
            }
        }
        return false;
    }

    private boolean react(
            Task.Try attempt, Frame frame, WorkflowError error, boolean mayHaveCommitted) {
        Reaction reaction = reaction(attempt, frame, error, mayHaveCommitted);
        if (reaction != Reaction.PASS && turn.compensations.isOpen(frame)) {
            turn.emit(
                    new Event.EndingRequested(
                            frame.id, new Ending.Caught(error, mayHaveCommitted)));
            return true;
        }
        switch (reaction) {
            case PASS -> {
                return false;
            }
            case RETRY -> {
                RetryPolicy policy = java.util.Objects.requireNonNull(attempt.onError().retry());
                int n = frame.work(Work.Sequence.class).retries + 1;
                turn.emit(
                        new Event.TryRetryScheduled(
                                frame.id,
                                error,
                                Retries.at(
                                        turn,
                                        policy,
                                        n,
                                        frame.input,
                                        data(attempt, frame, error))));
            }
            case HANDLE -> turn.emit(new Event.ErrorCaught(frame.id, error));
        }
        return true;
    }

    private Reaction reaction(
            Task.Try attempt, Frame frame, WorkflowError error, boolean mayHaveCommitted) {
        Work.Sequence work = frame.work(Work.Sequence.class);
        Task.Try.Catch handler = attempt.onError();
        if (work.handling || !handler.filter().matches(error)) {
            return Reaction.PASS;
        }
        Arguments data = data(attempt, frame, error);
        JsonNode on = frame.input;
        try {
            if (handler.when() != null && !handler.when().test(on, data)) {
                return Reaction.PASS;
            }
            if (handler.exceptWhen() != null && handler.exceptWhen().test(on, data)) {
                return Reaction.PASS;
            }
            RetryPolicy policy = handler.retry();
            if (policy != null) {
                // Work that may have taken effect is not repeated by a policy.
                if (!mayHaveCommitted
                        && error.mayPass()
                        && Retries.allows(
                                turn, policy, work.retries + 1, work.firstFailureAt, on, data)) {
                    return Reaction.RETRY;
                }
                if (handler.handler() == null && handler.then() == null) {
                    // Retries were all that the author asked for; swallowing the error is not.
                    return Reaction.PASS;
                }
            }
            return Reaction.HANDLE;
        } catch (ExpressionException e) {
            // A condition that cannot be told does not catch: the first error goes on its way.
            return Reaction.PASS;
        }
    }

    private Arguments data(Task.Try attempt, Frame frame, WorkflowError error) {
        Data data = Data.of(state, frame);
        JsonNode json = Data.json(error);
        return name -> name.equals(attempt.onError().as()) ? json : data.get(name);
    }

    /**
     * Stops what still runs below a frame with an ending; once nothing does, the ending takes
     * effect.
     */
    void settle(Frame frame) {
        Ending ending = java.util.Objects.requireNonNull(frame.ending);
        List<Frame> concerned = new ArrayList<>(state.descendants(frame));
        concerned.add(frame);
        boolean still = false;
        int own = state.compensation(frame);
        for (Frame at : concerned) {
            // What is being undone below is not stopped, but waited for.
            if (state.compensation(at) == own) {
                still |= stop(at);
            }
        }
        if (still || (undoes(frame, ending) && turn.compensations.wait(frame))) {
            return;
        }
        switch (ending) {
            case Ending.Caught caught -> {
                Task.Try attempt = (Task.Try) frame.requireTask();
                if (!react(attempt, frame, caught.error(), caught.mayHaveCommitted())) {
                    // What decides changed while it was undone: the error goes on its way.
                    propagate(frame, caught.error(), caught.mayHaveCommitted());
                }
            }
            case Ending.Fault fault -> {
                if (frame.id == Frame.ROOT) {
                    uncaught(frame, fault.error());
                } else {
                    if (!(frame.work instanceof Work.Branches)) {
                        turn.emit(
                                new Event.TaskFaulted(
                                        frame.id, fault.error(), fault.mayHaveCommitted()));
                    }
                    propagate(frame, fault.error(), fault.mayHaveCommitted());
                }
            }
            case Ending.Win win ->
                    turn.flow.complete(frame, win.output(), frame.requireTask().common().then());
            case Ending.Cancel _ -> turn.flow.cancelled();
            case Ending.Finish finish ->
                    turn.flow.finish(
                            finish.output() != null
                                    ? finish.output()
                                    : frame.work(Work.Sequence.class).value);
        }
    }

    /** Where an error stays, or all ends without success, what was done is undone. */
    private static boolean undoes(Frame frame, Ending ending) {
        return switch (ending) {
            case Ending.Caught _ -> true;
            case Ending.Fault _, Ending.Cancel _ -> frame.id == Frame.ROOT;
            case Ending.Win _, Ending.Finish _ -> false;
        };
    }

    /** Whether the frame still has something running; asks it to stop if nobody did. */
    private boolean stop(Frame frame) {
        if (frame.work instanceof Work.Step step && ExecutionState.isActiveStep(frame)) {
            if (step.status != StepStatus.CANCELLING) {
                turn.emit(new Event.StepCancelling(frame.id, step.attempt));
                turn.commands.add(
                        new Command.CancelStep(
                                Steps.ticket(state, frame, step), step.handle, false));
            }
            return true;
        }
        if (frame.work instanceof Work.Child child && child.ended == null) {
            turn.commands.add(new Command.CancelChild(frame.id, child.child));
            return true;
        }
        return false;
    }
}
