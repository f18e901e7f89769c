package dev.gantry.orchestrator.execution;

import dev.gantry.orchestrator.engine.Lease;
import dev.gantry.orchestrator.id.DefinitionRef;
import dev.gantry.orchestrator.id.ExecutionId;
import dev.gantry.orchestrator.id.TenantId;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * What a step holds on a backend, or what was found there besides.
 *
 * @param tenant null where the resource does not say which execution it is for, as for the rest of
 *     what describes it
 * @param step 0 then
 * @param attempt 0 then
 * @param function whose places it takes
 * @param since when it was intended; of an orphan, when the backend made it
 * @param changedAt since when it is in its state
 */
public record LeaseView(
        @Nullable TenantId tenant,
        @Nullable ExecutionId execution,
        int step,
        int attempt,
        @Nullable DefinitionRef definition,
        @Nullable DefinitionRef function,
        @Nullable String initiator,
        String adapter,
        String externalName,
        Lease.State state,
        @Nullable String reason,
        Instant since,
        Instant changedAt) {}
