package dev.gantry.orchestrator.execution;

import com.fasterxml.jackson.databind.JsonNode;
import dev.gantry.orchestrator.engine.Message;
import dev.gantry.orchestrator.id.ExecutionId;
import java.util.Map;
import java.util.concurrent.CompletableFuture;

/** Brings events to this node's executions. */
public final class EventDelivery {
    private final ExecutionNode node;

    EventDelivery(ExecutionNode node) {
        this.node = node;
    }

    /** The shards whose executions can be reached here, with their epochs. */
    public Map<Integer, Long> shards() {
        return node.held();
    }

    /**
     * Completes when the execution has taken the event, or has no use for it, and that is durable;
     * exceptionally with {@link Executions.Refused}.
     */
    public CompletableFuture<Void> deliver(ExecutionId id, long position, JsonNode event) {
        CompletableFuture<Void> answered = new CompletableFuture<>();
        node.send(Letter.asked(id, new Message.EventArrived(position, event), answered));
        return answered;
    }

    /** Who is told, at once, that events were sent or are listened for. */
    public void onChange(Runnable action) {
        node.onEventsChanged(action);
    }
}
