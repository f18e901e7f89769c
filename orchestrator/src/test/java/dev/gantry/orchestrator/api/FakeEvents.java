package dev.gantry.orchestrator.api;

import com.fasterxml.jackson.databind.JsonNode;
import dev.gantry.orchestrator.id.Initiator;
import dev.gantry.orchestrator.id.TenantId;
import dev.gantry.orchestrator.trigger.Events;
import java.util.ArrayList;
import java.util.List;

/** Remembers what was sent. */
final class FakeEvents implements Events {
    final List<JsonNode> sent = new ArrayList<>();

    @Override
    public int accept(TenantId tenant, Initiator by, List<JsonNode> events) throws Invalid {
        if (events.stream().anyMatch(event -> event.path("type").asText().equals("refused"))) {
            throw new Invalid("event 0: 'type' is refused");
        }
        sent.addAll(events);
        return events.size();
    }
}
