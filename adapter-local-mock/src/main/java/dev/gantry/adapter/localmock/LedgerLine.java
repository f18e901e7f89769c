package dev.gantry.adapter.localmock;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** One event as one line of JSON. */
final class LedgerLine {
    private LedgerLine() {}

    /** The line with its line feed. */
    static byte[] write(Event event) {
        ObjectNode line = Json.MAPPER.createObjectNode();
        line.put("at", event.at().toString());
        line.put("event", event.label());
        line.put("installation", event.id().installation());
        line.put("name", event.id().name());
        line.put("attempt", event.id().attempt());
        line.put("idempotencyKey", event.id().idempotencyKey());
        switch (event) {
            case Event.Provisioned it -> {
                ObjectNode labels = line.putObject("labels");
                it.labels().forEach(labels::put);
                line.put("stopMillis", it.stopMillis());
                line.put("teardownFailures", it.teardownFailures());
            }
            case Event.Started it -> {
                line.put("lifeMillis", it.lifeMillis());
                line.put("vanishes", it.vanishes());
            }
            case Event.Cancelled it -> line.put("dies", it.dies().toString());
            case Event.Ended it -> line.put("how", it.how());
            case Event.TeardownFailed it -> line.put("failuresLeft", it.failuresLeft());
            case Event.TornDown _ -> {}
        }
        return (line + "\n").getBytes(UTF_8);
    }

    /** Null for what is no whole event, such as the line that a killed process was writing. */
    static @Nullable Event read(byte[] bytes) {
        JsonNode line = Json.read(bytes);
        try {
            Instant at = Instant.parse(line.path("at").asText());
            Identity id =
                    new Identity(
                            line.path("installation").asText(),
                            line.path("name").asText(),
                            line.path("attempt").asInt(),
                            line.path("idempotencyKey").asText());
            return switch (line.path("event").asText()) {
                case "provisioned" ->
                        new Event.Provisioned(
                                id,
                                at,
                                labels(line),
                                line.path("stopMillis").asLong(),
                                line.path("teardownFailures").asInt());
                case "started" ->
                        new Event.Started(
                                id,
                                at,
                                line.path("lifeMillis").asLong(),
                                line.path("vanishes").asBoolean());
                case "cancelled" ->
                        new Event.Cancelled(id, at, Instant.parse(line.path("dies").asText()));
                case "ended" -> new Event.Ended(id, at, line.path("how").asText());
                case "teardown-failed" ->
                        new Event.TeardownFailed(id, at, line.path("failuresLeft").asInt());
                case "torn-down" -> new Event.TornDown(id, at);
                default -> null;
            };
        } catch (DateTimeParseException e) {
            return null;
        }
    }

    private static Map<String, String> labels(JsonNode line) {
        Map<String, String> labels = new LinkedHashMap<>();
        line.path("labels")
                .properties()
                .forEach(it -> labels.put(it.getKey(), it.getValue().asText()));
        return labels;
    }
}
