package dev.gantry.orchestrator.execution;

import dev.gantry.orchestrator.engine.Message;
import dev.gantry.orchestrator.id.ExecutionId;

/** Brings messages to the executions. */
interface Mailbox {
    void send(ExecutionId id, Message message);
}
