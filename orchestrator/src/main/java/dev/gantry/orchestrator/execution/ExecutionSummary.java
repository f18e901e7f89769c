package dev.gantry.orchestrator.execution;

import dev.gantry.orchestrator.engine.ExecutionStatus;
import dev.gantry.orchestrator.id.DefinitionRef;
import dev.gantry.orchestrator.id.ExecutionId;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** An execution as it stands in a list. */
public record ExecutionSummary(
        ExecutionId id,
        DefinitionRef definition,
        ExecutionStatus status,
        String correlationId,
        String initiator,
        @Nullable ExecutionId parent,
        Instant startedAt,
        @Nullable Instant endedAt) {}
