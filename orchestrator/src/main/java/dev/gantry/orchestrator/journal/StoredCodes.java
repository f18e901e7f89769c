package dev.gantry.orchestrator.journal;

import dev.gantry.orchestrator.engine.ExecutionStatus;
import dev.gantry.orchestrator.engine.Journal.Residence;
import dev.gantry.orchestrator.engine.Lease;
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

    static int of(Lease.State state) {
        return switch (state) {
            case HELD -> 0;
            case PROVISIONED -> 1;
            case RELEASING -> 2;
            case UNCOLLECTED -> 3;
            case RELEASE_FAILED -> 4;
            case VANISHED -> 5;
            case ORPHAN -> 6;
            case REMOVED -> 7;
        };
    }

    static Lease.State lease(int code) {
        return switch (code) {
            case 0 -> Lease.State.HELD;
            case 1 -> Lease.State.PROVISIONED;
            case 2 -> Lease.State.RELEASING;
            case 3 -> Lease.State.UNCOLLECTED;
            case 4 -> Lease.State.RELEASE_FAILED;
            case 5 -> Lease.State.VANISHED;
            case 6 -> Lease.State.ORPHAN;
            case 7 -> Lease.State.REMOVED;
            default -> throw new IllegalStateException("lease code %d is unknown".formatted(code));
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
