package dev.gantry.orchestrator.journal;

import dev.gantry.orchestrator.engine.ExecutionStatus;
import dev.gantry.orchestrator.engine.Journal.Residence;
import dev.gantry.orchestrator.id.DefinitionKind;

/** Enums as small numbers in columns; a number never changes its meaning. */
final class StoredCodes {
    private StoredCodes() {}

    static int of(ExecutionStatus status) {
        return switch (status) {
            case PENDING -> 0;
            case RUNNING -> 1;
            case WAITING -> 2;
            case SUSPENDED -> 3;
            case CANCELLED -> 4;
            case FAULTED -> 5;
            case COMPLETED -> 6;
        };
    }

    static ExecutionStatus status(int code) {
        return switch (code) {
            case 0 -> ExecutionStatus.PENDING;
            case 1 -> ExecutionStatus.RUNNING;
            case 2 -> ExecutionStatus.WAITING;
            case 3 -> ExecutionStatus.SUSPENDED;
            case 4 -> ExecutionStatus.CANCELLED;
            case 5 -> ExecutionStatus.FAULTED;
            case 6 -> ExecutionStatus.COMPLETED;
            default -> throw new IllegalStateException("status code %d is unknown".formatted(code));
        };
    }

    static int of(Residence residence) {
        return switch (residence) {
            case ACTIVE -> 0;
            case PARKED -> 1;
            case SETTLED -> 2;
        };
    }

    static int of(DefinitionKind kind) {
        return switch (kind) {
            case WORKFLOW -> 0;
            case FUNCTION -> 1;
        };
    }

    static DefinitionKind kind(int code) {
        return switch (code) {
            case 0 -> DefinitionKind.WORKFLOW;
            case 1 -> DefinitionKind.FUNCTION;
            default -> throw new IllegalStateException("kind code %d is unknown".formatted(code));
        };
    }
}
