package dev.gantry.orchestrator.execution;

import dev.gantry.orchestrator.id.DefinitionRef;
import dev.gantry.orchestrator.id.ExecutionId;
import java.time.Instant;

/** A step that may have taken effect and waits for a person to decide. */
public record DeadLetter(
        ExecutionId execution,
        DefinitionRef definition,
        int step,
        String pointer,
        int attempt,
        String failureCode,
        String message,
        Instant since) {}
