package dev.gantry.orchestrator.engine;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** Whether a message fits the execution's status. What a person asked for wrongly is refused. */
final class Admission {
    private Admission() {}

    static @Nullable String refusal(ExecutionState state, Message message, Instant now) {
        return switch (message) {
            case Message.Cancel _ -> state.status.isTerminal() ? is(state, "cancelled") : null;
            case Message.Suspend _ ->
                    state.status.isTerminal() || state.suspended ? is(state, "suspended") : null;
            case Message.Resume _ ->
                    state.suspended && !state.status.isTerminal() ? null : is(state, "resumed");
            case Message.Retry _ -> retried(state, now);
            case Message.Decide decide -> undecided(state, decide.step());
            case Message.Start _,
                    Message.Proceed _,
                    Message.Provisioned _,
                    Message.Held _,
                    Message.Uncollected _,
                    Message.Ended _,
                    Message.Released _,
                    Message.ChildEnded _,
                    Message.EventArrived _ ->
                    null;
        };
    }

    private static @Nullable String retried(ExecutionState state, Instant now) {
        if (state.status != ExecutionStatus.FAULTED) {
            return is(state, "retried");
        }
        if (state.compensated) {
            return "execution %s was compensated: what it had done is undone; start it anew"
                    .formatted(state.id);
        }
        Instant deadline = state.started().deadline();
        if (!now.isBefore(deadline)) {
            return "execution %s could run until %s, its maximum duration; start it anew"
                    .formatted(state.id, deadline);
        }
        return null;
    }

    private static String is(ExecutionState state, String verb) {
        return "execution %s is %s and cannot be %s"
                .formatted(state.id, state.status.label(), verb);
    }

    private static @Nullable String undecided(ExecutionState state, int step) {
        if (state.status.isTerminal()) {
            return "execution %s is %s; nothing of it waits for a decision"
                    .formatted(state.id, state.status.label());
        }
        Frame frame = state.frames.get(step);
        if (frame != null
                && frame.work instanceof Work.Step work
                && work.status == StepStatus.UNDECIDED) {
            return null;
        }
        return "step %d of execution %s does not wait for a decision".formatted(step, state.id);
    }
}
