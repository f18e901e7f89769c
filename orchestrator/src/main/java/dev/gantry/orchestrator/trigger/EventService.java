package dev.gantry.orchestrator.trigger;

import com.fasterxml.jackson.databind.JsonNode;
import dev.gantry.orchestrator.engine.CloudEvents;
import dev.gantry.orchestrator.engine.EventData;
import dev.gantry.orchestrator.id.Extent;
import dev.gantry.orchestrator.id.Initiator;
import dev.gantry.orchestrator.id.TenantId;
import java.time.OffsetDateTime;
import java.time.format.DateTimeParseException;
import java.util.List;
import java.util.regex.Pattern;

final class EventService implements Events {
    private static final Pattern ATTRIBUTE = Pattern.compile("[a-z0-9]{1,64}");
    private static final int LONGEST = 1_024;

    private final CloudEvents store;
    private final Runnable stored;

    /**
     * @param stored told when there are new events
     */
    EventService(CloudEvents store, Runnable stored) {
        this.store = store;
        this.stored = stored;
    }

    @Override
    public int accept(TenantId tenant, Initiator by, List<JsonNode> events) throws Invalid {
        if (events.size() > MOST) {
            throw new Invalid(
                    "%d events at once; at most %d are taken".formatted(events.size(), MOST));
        }
        for (int i = 0; i < events.size(); i++) {
            check(events.get(i), events.size() == 1 ? "the event" : "event %d".formatted(i));
        }
        int added = events.isEmpty() ? 0 : store.add(tenant, by, events);
        if (added > 0) {
            stored.run();
        }
        return added;
    }

    private static void check(JsonNode event, String which) throws Invalid {
        if (!event.isObject()) {
            throw new Invalid("%s is no JSON object".formatted(which));
        }
        String version = event.path("specversion").asText("missing");
        if (!version.equals("1.0")) {
            throw new Invalid(
                    "%s: 'specversion' is %s; CloudEvents 1.0 is expected"
                            .formatted(which, version));
        }
        for (String name : List.of("id", "source", "type")) {
            JsonNode value = event.path(name);
            if (!value.isTextual() || value.textValue().isBlank()) {
                throw new Invalid(
                        "%s: '%s' is %s; a text is expected"
                                .formatted(which, name, value.isMissingNode() ? "missing" : value));
            }
            if (value.textValue().length() > LONGEST) {
                throw new Invalid(
                        "%s: '%s' has more than %d characters".formatted(which, name, LONGEST));
            }
        }
        checkTime(event.path("time"), which);
        String excess = Extent.excess(event);
        if (excess != null) {
            throw new Invalid("%s is %s".formatted(which, excess));
        }
        String data = EventData.problem(event);
        if (data != null) {
            throw new Invalid("%s: %s".formatted(which, data));
        }
        for (var attribute : event.properties()) {
            String name = attribute.getKey();
            if (!name.equals("data_base64") && !ATTRIBUTE.matcher(name).matches()) {
                throw new Invalid(
                        "%s: '%s' is no name of an attribute; lower-case letters and digits are expected"
                                .formatted(which, name));
            }
            JsonNode value = attribute.getValue();
            if (!name.equals("data")
                    && value.isTextual()
                    && value.textValue().chars().anyMatch(Character::isISOControl)) {
                throw new Invalid(
                        "%s: '%s' has a control character, which CloudEvents forbids in attributes"
                                .formatted(which, name));
            }
        }
    }

    private static void checkTime(JsonNode time, String which) throws Invalid {
        if (time.isMissingNode() || time.isNull()) {
            return;
        }
        try {
            OffsetDateTime.parse(time.asText());
        } catch (DateTimeParseException e) {
            throw new Invalid(
                    "%s: 'time' is %s; a time such as 2026-01-31T12:00:00Z is expected"
                            .formatted(which, time));
        }
    }
}
