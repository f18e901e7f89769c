package dev.gantry.orchestrator.engine;

import dev.gantry.orchestrator.definition.plan.WorkflowError;
import org.jspecify.annotations.Nullable;

/**
 * Undoes what was done, the last first, before an error is handled or an execution ends without
 * success. A compensation that fails is tried again; when it fails for good, that is recorded, and
 * the others are run all the same.
 */
final class Compensations {
    private static final int TRIES = 5;

    private final Turn turn;
    private final ExecutionState state;

    Compensations(Turn turn) {
        this.turn = turn;
        this.state = turn.state;
    }

    /** Whether something below the frame is to be undone, or is being undone. */
    boolean isOpen(Frame frame) {
        return next(frame) != null;
    }

    private @Nullable Compensation next(Frame frame) {
        for (Compensation compensation : state.compensations.descendingMap().values()) {
            if (frame.id == Frame.ROOT || compensation.below().contains(frame.id)) {
                return compensation;
            }
        }
        return null;
    }

    /** Whether the frame's ending has to wait: something is being undone now. */
    boolean wait(Frame frame) {
        if (isRunning()) {
            return true;
        }
        Compensation next = next(frame);
        if (next == null) {
            return false;
        }
        turn.emit(new Event.CompensationStarted(state.lastFrame + 1, next.frame(), frame.id));
        return true;
    }

    private boolean isRunning() {
        return state.frames.values().stream().anyMatch(frame -> frame.compensates != 0);
    }

    void succeeded(Frame frame) {
        turn.emit(new Event.CompensationEnded(frame.id, null));
    }

    /** An error that nothing within the compensation took. */
    void failed(Frame frame, WorkflowError error, boolean mayHaveCommitted) {
        Work.Sequence work = frame.work(Work.Sequence.class);
        int tries = work.retries + 1;
        if (tries < TRIES && !mayHaveCommitted && error.mayPass()) {
            turn.emit(
                    new Event.TryRetryScheduled(frame.id, error, Retries.platformAt(turn, tries)));
        } else {
            turn.emit(new Event.CompensationEnded(frame.id, error));
        }
    }
}
