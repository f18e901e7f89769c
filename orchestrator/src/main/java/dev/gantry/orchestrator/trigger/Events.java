package dev.gantry.orchestrator.trigger;

import com.fasterxml.jackson.databind.JsonNode;
import dev.gantry.orchestrator.id.Initiator;
import dev.gantry.orchestrator.id.TenantId;
import java.util.List;

/** Takes CloudEvents in. */
public interface Events {
    /**
     * Returns once they are durable; who listens hears of them afterwards.
     *
     * @param events CloudEvents 1.0 as objects: context attributes, and {@code data} or {@code
     *     data_base64}; at most {@value #MOST}
     * @return how many were not known by their source and id
     * @throws Invalid if one of them is none; then none is stored
     */
    int accept(TenantId tenant, Initiator by, List<JsonNode> events) throws Invalid;

    int MOST = 1_000;

    /** Says which one, and what is wrong with it. */
    final class Invalid extends Exception {
        private static final long serialVersionUID = 1L;

        public Invalid(String message) {
            super(message);
        }
    }
}
