package dev.gantry.orchestrator.engine;

import com.fasterxml.jackson.databind.JsonNode;
import dev.gantry.orchestrator.definition.plan.ExpressionException;
import dev.gantry.orchestrator.definition.plan.Task;
import dev.gantry.orchestrator.definition.plan.WorkflowError;
import dev.gantry.orchestrator.definition.plan.WorkflowError.Standard;

/** Workflows that run as executions of their own. */
final class Children {
    private final Turn turn;
    private final ExecutionState state;

    Children(Turn turn) {
        this.turn = turn;
        this.state = turn.state;
    }

    void begin(Frame frame, Task.RunWorkflow run, Data data) throws ExpressionException {
        JsonNode input =
                run.input() == null ? frame.input : run.input().evaluate(frame.input, data);
        turn.emit(
                new Event.ChildStarted(
                        frame.id,
                        turn.circumstances.newId(),
                        EventFold.unlessSame(input, frame.input)));
        turn.commands.add(start(frame, frame.work(Work.Child.class)));
    }

    /** Starting twice is harmless: the id is journaled. */
    static Command start(Frame frame, Work.Child child) {
        Task.RunWorkflow run = (Task.RunWorkflow) frame.requireTask();
        return new Command.StartChild(
                frame.id, child.child, run.workflow(), child.input, run.await());
    }

    void ended(Message.ChildEnded message) {
        Frame frame = state.frames.get(message.frame());
        if (frame == null || !(frame.work instanceof Work.Child child) || child.ended != null) {
            return;
        }
        boolean accepted = !message.status().isTerminal();
        if (accepted && ((Task.RunWorkflow) frame.requireTask()).await()) {
            return;
        }
        turn.emit(
                new Event.ChildEnded(
                        message.frame(), message.status(), message.output(), message.error()));
    }

    void progress(Frame frame, Work.Child child) {
        Event.ChildEnded ended = child.ended;
        if (ended == null) {
            return;
        }
        Task.RunWorkflow run = (Task.RunWorkflow) frame.requireTask();
        switch (ended.status()) {
            case COMPLETED ->
                    turn.flow.complete(
                            frame, Processes.returned(run.returns(), ended), run.common().then());
            case FAULTED, CANCELLED -> turn.faults.raise(frame, error(frame, child, ended));
            case PENDING, RUNNING, WAITING, SUSPENDED ->
                    turn.flow.complete(frame, frame.input, run.common().then());
        }
    }

    private static WorkflowError error(Frame frame, Work.Child child, Event.ChildEnded ended) {
        WorkflowError cause = ended.error();
        if (cause == null) {
            return Standard.RUNTIME.at(
                    frame.pointer(),
                    "CHILD_CANCELLED",
                    "execution %s was cancelled".formatted(child.child));
        }
        return new WorkflowError(
                cause.type(),
                cause.status(),
                cause.title(),
                cause.detail(),
                frame.pointer(),
                cause.code());
    }

    void notifyParent() {
        Event.ExecutionStarted started = state.started();
        if (started.parent() == null) {
            return;
        }
        turn.commands.add(
                new Command.NotifyParent(started.parent(), started.parentFrame(), state.asChild()));
    }
}
