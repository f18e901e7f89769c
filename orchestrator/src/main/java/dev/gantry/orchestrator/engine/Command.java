package dev.gantry.orchestrator.engine;

import com.fasterxml.jackson.databind.JsonNode;
import dev.gantry.orchestrator.definition.plan.Task;
import dev.gantry.orchestrator.id.DefinitionRef;
import dev.gantry.orchestrator.id.ExecutionId;
import dev.gantry.spi.RuntimeClass;
import java.time.Instant;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What is to be done once the events are durable. Every command can be worked out again from state.
 */
public sealed interface Command {

    /**
     * Runs an attempt: provision if there is no handle, then run.
     *
     * @param recovered whether an earlier process may have begun it: look before running
     */
    record RunStep(Ticket ticket, byte @Nullable [] handle, boolean recovered) implements Command {}

    record CancelStep(Ticket ticket, byte @Nullable [] handle, boolean recovered)
            implements Command {}

    /** Tears down what an ended attempt left. */
    record ReleaseStep(int step, int attempt, String adapter, byte[] handle) implements Command {}

    record StartChild(
            int frame, ExecutionId child, DefinitionRef workflow, JsonNode input, boolean awaited)
            implements Command {}

    record CancelChild(int frame, ExecutionId child) implements Command {}

    /** The execution has ended; its parent waits for it. */
    record NotifyParent(ExecutionId parent, int frame, Message.ChildEnded ended)
            implements Command {}

    /** The decision used up its budget of events: send {@link Message.Proceed} after the commit. */
    record Continue() implements Command {}

    /** Operators are to be told, before it is too late to act. */
    record Warn(String text) implements Command {}

    /**
     * Everything that is needed to build the adapter's {@link dev.gantry.spi.Attempt}.
     *
     * @param key the document's idempotency key, null for Gantry's own
     * @param input the step's, JSON
     * @param scheduledAt when the intent was decided
     * @param credentials for the adapter alone; JSON's null if they cannot be worked out
     * @param provisionedAt when the handle was journaled, or null
     * @param endsBy when the earliest timeout of the document around it is over, or null
     * @param heldSince since when its adapter is away, or null
     * @param late works the request out when the adapter has got a token; null if the input is it
     * @param hidden the texts of secrets that must not be seen of what comes back
     */
    record Ticket(
            int step,
            int attempt,
            Task task,
            String iteration,
            String adapter,
            @Nullable RuntimeClass runtimeClass,
            @Nullable String key,
            JsonNode input,
            Instant scheduledAt,
            @Nullable Instant provisionedAt,
            @Nullable Instant endsBy,
            @Nullable Instant heldSince,
            @Nullable JsonNode credentials,
            @Nullable LateRequest late,
            Set<String> hidden) {}
}
