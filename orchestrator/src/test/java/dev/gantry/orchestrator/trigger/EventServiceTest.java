package dev.gantry.orchestrator.trigger;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import dev.gantry.orchestrator.engine.CloudEvents;
import dev.gantry.orchestrator.id.Initiator;
import dev.gantry.orchestrator.id.Json;
import dev.gantry.orchestrator.id.TenantId;
import java.io.IOException;
import java.lang.reflect.Proxy;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What is an event, at the door. */
class EventServiceTest {
    private static final TenantId ACME = new TenantId("acme");
    private static final Initiator ANN = new Initiator(Initiator.Kind.USER, "ann");

    private final List<JsonNode> stored = new ArrayList<>();
    private final Events events = new EventService(store(), () -> {});

    /** Takes everything; nothing else of it is asked here. */
    private CloudEvents store() {
        return (CloudEvents)
                Proxy.newProxyInstance(
                        CloudEvents.class.getClassLoader(),
                        new Class<?>[] {CloudEvents.class},
                        (proxy, method, arguments) -> {
                            List<?> added = (List<?>) arguments[2];
                            added.forEach(event -> stored.add((JsonNode) event));
                            return added.size();
                        });
    }

    private int accept(String more) throws Events.Invalid, IOException {
        String event =
                "{\"specversion\": \"1.0\", \"id\": \"1\", \"source\": \"/s\", \"type\": \"t\", "
                        + more
                        + "}";
        return events.accept(ACME, ANN, List.of(Json.read(event.getBytes(StandardCharsets.UTF_8))));
    }

    @Test
    void keepsDataAsTheyWereSent() throws Events.Invalid, IOException {
        assertThat(accept("\"datacontenttype\": \"application/json\", \"data_base64\": \"WzFd\""))
                .isEqualTo(1);
        assertThat(accept("\"data_base64\": \"AP8\"")).isEqualTo(1);
        assertThat(stored.getFirst().path("data_base64").asText()).isEqualTo("WzFd");
        assertThat(stored.getFirst().has("data")).isFalse();
    }

    @Test
    void refusesDataThatNoExecutionCouldKeep() {
        assertThatThrownBy(() -> accept("\"data\": " + "[".repeat(500) + "]".repeat(500)))
                .isInstanceOf(Events.Invalid.class)
                .hasMessageEndingWith("is nested deeper than 500 levels");
        assertThat(stored).isEmpty();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "\"data_base64\": \"not base64\" | no text in base64",
                "\"data_base64\": \"YQ-_\" | no text in base64",
                "\"data_base64\": 7 | no text in base64",
                "\"data_base64\": null | no text in base64",
                "\"data_base64\": \"YQ==\", \"datacontenttype\": \"application/json\" | is no JSON",
                "\"data_base64\": \"/w==\", \"datacontenttype\": \"text/plain\" | read as UTF-8",
                "\"data_base64\": \"YQ==\", \"data\": 1 | both",
            })
    void refusesDataThatNobodyCouldRead(String more, String said) {
        assertThatThrownBy(() -> accept(more))
                .isInstanceOf(Events.Invalid.class)
                .hasMessageContaining("data_base64")
                .hasMessageContaining(said);
        assertThat(stored).isEmpty();
    }
}
