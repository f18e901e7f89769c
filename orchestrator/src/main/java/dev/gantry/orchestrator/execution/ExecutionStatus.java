package dev.gantry.orchestrator.execution;

import java.util.Locale;

/** The language's status phases. */
public enum ExecutionStatus {
    PENDING,
    RUNNING,
    WAITING,
    SUSPENDED,
    CANCELLED,
    FAULTED,
    COMPLETED;

    public boolean isTerminal() {
        return this == CANCELLED || this == FAULTED || this == COMPLETED;
    }

    /** The name in the API. */
    public String label() {
        return name().toLowerCase(Locale.ROOT);
    }
}
