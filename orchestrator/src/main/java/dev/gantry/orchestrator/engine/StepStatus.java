package dev.gantry.orchestrator.engine;

import java.util.EnumSet;
import java.util.Locale;
import java.util.Set;

/** Where a step stands. */
public enum StepStatus {
    /** The intent is journaled; the adapter may have been called. */
    SCHEDULED,
    /** The adapter's handle is journaled. */
    RUNNING,
    /** Asked to stop; stays so until the backend confirms that it is dead. */
    CANCELLING,
    /** An attempt failed; the next one comes at a set time. */
    BACKOFF,
    /** It may have taken effect and must not be repeated by itself: a person decides. */
    UNDECIDED,
    SUCCEEDED,
    FAILED,
    CANCELLED;

    public Set<StepStatus> successors() {
        return switch (this) {
            case SCHEDULED, RUNNING ->
                    this == SCHEDULED
                            ? EnumSet.of(RUNNING, CANCELLING, BACKOFF, UNDECIDED, SUCCEEDED, FAILED)
                            : EnumSet.of(CANCELLING, BACKOFF, UNDECIDED, SUCCEEDED, FAILED);
            case CANCELLING -> EnumSet.of(CANCELLED, SUCCEEDED, FAILED);
            case BACKOFF -> EnumSet.of(SCHEDULED, CANCELLED, FAILED);
            case UNDECIDED -> EnumSet.of(SCHEDULED, SUCCEEDED, FAILED, CANCELLED);
            case FAILED -> EnumSet.of(SCHEDULED);
            case SUCCEEDED, CANCELLED -> EnumSet.noneOf(StepStatus.class);
        };
    }

    public String label() {
        return name().toLowerCase(Locale.ROOT);
    }
}
