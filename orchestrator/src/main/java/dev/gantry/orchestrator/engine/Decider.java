package dev.gantry.orchestrator.engine;

import java.util.ArrayList;
import java.util.List;

/**
 * Decides what follows from a message. The result depends on the arguments alone, and the state is
 * advanced by exactly the events that are returned.
 */
public final class Decider {
    private Decider() {}

    public static Decision decide(
            ExecutionState state, Message message, Circumstances circumstances) {
        Turn turn = new Turn(state, circumstances);
        String refused = Admission.refusal(state, message, turn.now);
        if (refused != null) {
            return Decision.refuse(refused);
        }
        turn.receive(message);
        turn.goOn();
        Aside aside = state.notes.take();
        if (!turn.events.isEmpty()) {
            state.entryDone();
        }
        return new Decision(turn.events, aside, turn.commands, null);
    }

    /**
     * What has to be done again for an execution that another process left: every effect that the
     * journal holds an intent for, but no end. Send {@link Message.Proceed} afterwards.
     */
    public static List<Command> recover(ExecutionState state) {
        List<Command> commands = new ArrayList<>();
        state.unreleased.forEach((step, left) ->
                commands.add(
                        new Command.ReleaseStep(
                                step, left.attempt(), left.adapter(), left.handle())));
        if (state.status.isTerminal()) {
            return commands;
        }
        for (Frame frame : state.frames.values()) {
            switch (frame.work) {
                case Work.Step step when ExecutionState.isActiveStep(frame) ->
                        commands.add(
                                step.status == StepStatus.CANCELLING
                                        ? new Command.CancelStep(
                                                Steps.ticket(state, frame, step), step.handle, true)
                                        : new Command.RunStep(
                                                Steps.ticket(state, frame, step),
                                                step.handle,
                                                step.heldSince == null));
                case Work.Child child when child.ended == null ->
                        commands.add(Children.start(state, frame, child));
                case Work.Step _,
                        Work.Child _,
                        Work.Sequence _,
                        Work.Branches _,
                        Work.Simple _,
                        Work.Pause _ -> {}
            }
        }
        state.ready.addAll(state.frames.keySet());
        return commands;
    }
}
