package dev.gantry.orchestrator.engine;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.gantry.orchestrator.definition.plan.DetachedProcess;
import dev.gantry.orchestrator.definition.plan.ExpressionException;
import dev.gantry.orchestrator.definition.plan.Task;
import dev.gantry.orchestrator.definition.plan.WorkflowError;
import dev.gantry.orchestrator.definition.plan.WorkflowError.Standard;
import dev.gantry.orchestrator.id.DefinitionRef;

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
                        NewData.unlessSame(input, frame.input)));
        turn.commands.add(start(state, frame, frame.work(Work.Child.class)));
    }

    /** A process that nobody waits for goes on by itself, with the request as it is now. */
    void begin(Frame frame, Task.RunProcess run, Data data) throws ExpressionException {
        ObjectNode request = (ObjectNode) Requests.plain(state, frame);
        if (run.common().idempotencyKey() != null) {
            request.set("key", run.common().idempotencyKey().evaluate(frame.input, data));
        }
        turn.emit(
                new Event.ChildStarted(
                        frame.id, turn.circumstances.newId(), NewData.checked(request)));
        turn.commands.add(start(state, frame, frame.work(Work.Child.class)));
    }

    /** Starting twice is harmless: the id is journaled. */
    static Command start(ExecutionState state, Frame frame, Work.Child child) {
        DefinitionRef definition =
                frame.requireTask() instanceof Task.RunWorkflow run
                        ? run.workflow()
                        : DetachedProcess.ref(state.plan.ref(), frame.pointer());
        return new Command.StartChild(
                frame.id, child.child, definition, child.input, isAwaited(frame));
    }

    private static boolean isAwaited(Frame frame) {
        return frame.requireTask() instanceof Task.RunWorkflow run && run.await();
    }

    void ended(Message.ChildEnded message) {
        Frame frame = state.frames.get(message.frame());
        if (state.status.isTerminal()
                || frame == null
                || !(frame.work instanceof Work.Child child)
                || child.ended != null) {
            return;
        }
        boolean accepted = !message.status().isTerminal();
        if (accepted && isAwaited(frame)) {
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
        Task task = frame.requireTask();
        if (!isAwaited(frame)) {
            turn.flow.complete(frame, frame.input, task.common().then());
            return;
        }
        Task.RunWorkflow run = (Task.RunWorkflow) task;
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
                cause.code(),
                cause.isFinal());
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
