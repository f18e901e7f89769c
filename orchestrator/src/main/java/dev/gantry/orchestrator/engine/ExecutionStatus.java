package dev.gantry.orchestrator.engine;

import java.util.EnumSet;
import java.util.Locale;
import java.util.Set;

/** The language's status phases, as the status of a whole execution. */
public enum ExecutionStatus {
    /** Acknowledged, nothing decided yet. */
    PENDING,
    /** Something of it runs. */
    RUNNING,
    /** Nothing runs: it waits for a time, a retry, a decision. */
    WAITING,
    /** Stopped by a person until resumed; what ran goes on to its end. */
    SUSPENDED,
    CANCELLED,
    FAULTED,
    COMPLETED;

    public boolean isTerminal() {
        return this == CANCELLED || this == FAULTED || this == COMPLETED;
    }

    /** Where it can go from here. */
    public Set<ExecutionStatus> successors() {
        return switch (this) {
            case PENDING -> EnumSet.of(RUNNING, WAITING, SUSPENDED, CANCELLED, FAULTED, COMPLETED);
            case RUNNING -> EnumSet.of(WAITING, SUSPENDED, CANCELLED, FAULTED, COMPLETED);
            case WAITING -> EnumSet.of(RUNNING, SUSPENDED, CANCELLED, FAULTED, COMPLETED);
            case SUSPENDED -> EnumSet.of(RUNNING, WAITING, CANCELLED, FAULTED, COMPLETED);
            case FAULTED -> EnumSet.of(RUNNING, WAITING, CANCELLED, COMPLETED);
            case CANCELLED, COMPLETED -> EnumSet.noneOf(ExecutionStatus.class);
        };
    }

    /** The name in the API. */
    public String label() {
        return name().toLowerCase(Locale.ROOT);
    }
}
