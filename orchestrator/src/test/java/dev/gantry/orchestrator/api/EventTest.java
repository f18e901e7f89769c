package dev.gantry.orchestrator.api;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.beans.factory.annotation.Autowired;

/** The three forms in which CloudEvents come. */
class EventTest extends ApiTest {
    @Autowired FakeEvents events;

    @BeforeEach
    void forget() {
        events.sent.clear();
    }

    private Answer send(String type, String body, String... headers) {
        var request =
                as(DEV_KEY, request("/v1/events")).POST(json(body)).header("Content-Type", type);
        if (headers.length > 0) {
            request.headers(headers);
        }
        return send(request);
    }

    @Test
    void takesAStructuredEvent() {
        Answer answer =
                send(
                        "application/cloudevents+json; charset=UTF-8",
                        """
                        {"specversion": "1.0", "id": "1", "source": "/s", "type": "t", "data": {"n": 1.10}}
                        """);

        assertThat(answer.status()).isEqualTo(202);
        assertThat(answer.json().path("accepted").asInt()).isEqualTo(1);
        assertThat(events.sent.getFirst().path("data").toString()).isEqualTo("{\"n\":1.10}");
    }

    @Test
    void takesABatch() {
        Answer answer =
                send(
                        "application/cloudevents-batch+json",
                        "[{\"type\": \"a\"}, {\"type\": \"b\"}]");

        assertThat(answer.json().path("accepted").asInt()).isEqualTo(2);
        assertThat(events.sent).extracting(e -> e.path("type").asText()).containsExactly("a", "b");
    }

    @Test
    void takesABinaryEvent() {
        send(
                "application/json",
                "{\"n\": 1}",
                "ce-specversion",
                "1.0",
                "ce-id",
                "7",
                "ce-source",
                "/caf%C3%A9",
                "ce-type",
                "t",
                "ce-order",
                "A-1");

        JsonNode event = events.sent.getFirst();
        assertThat(event.path("source").asText()).isEqualTo("/café");
        assertThat(event.path("order").asText()).isEqualTo("A-1");
        assertThat(event.path("data").path("n").asInt()).isEqualTo(1);
        assertThat(event.path("datacontenttype").asText()).isEqualTo("application/json");

        send("image/png", "xyz", "ce-id", "8");
        assertThat(events.sent.getLast().path("data_base64").asText()).isEqualTo("eHl6");
        send("text/plain", "hello", "ce-id", "9");
        assertThat(events.sent.getLast().path("data").asText()).isEqualTo("hello");
    }

    @ParameterizedTest
    @CsvSource({
        "application/xml, data, <ü/>",
        "text/xml; charset=utf-8, data, <ü/>",
        "application/vnd.x+xml, data, <ü/>",
        "application/octet-stream, data_base64, PMO8Lz4=",
        "application/x-protobuf, data_base64, PMO8Lz4=",
    })
    void takesDataOfAnyType(String type, String member, String value) {
        Answer answer = send(type, "<ü/>", "ce-id", "1");

        assertThat(answer.status()).isEqualTo(202);
        assertThat(events.sent.getLast().path(member).asText()).isEqualTo(value);
        assertThat(events.sent.getLast().path("datacontenttype").asText()).isEqualTo(type);
    }

    @Test
    void givesAnEventTheTraceOfItsRequestUnlessItSaysAnother() {
        String own = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-00";
        String caller = "00-11111111111111111111111111111111-2222222222222222-00";
        String event = "{\"type\": \"t\", \"traceparent\": \"" + own + "\"}";

        send("text/plain", "x", "ce-id", "1", "ce-traceparent", own, "traceparent", caller);
        send("text/plain", "x", "ce-id", "1", "traceparent", caller);
        send("text/plain", "x", "ce-id", "1", "traceparent", "nonsense");
        send("application/cloudevents+json", event, "traceparent", caller);
        send("application/cloudevents-batch+json", "[{\"type\": \"t\"}]", "traceparent", caller);

        assertThat(events.sent)
                .extracting(sent -> sent.path("traceparent").asText("none"))
                .containsExactly(own, caller, "none", own, caller);
    }

    @Test
    void refusesDataThatAreNotWhatTheirTypeSays() {
        assertThat(send("application/json", "{", "ce-id", "1").detail()).contains("is no JSON");
        assertThat(send("text/plain; charset=us-ascii", "ü", "ce-id", "1").detail())
                .contains("'us-ascii'");
        assertThat(events.sent).isEmpty();
    }

    @Test
    void saysWhatIsWrong() {
        assertThat(send("application/cloudevents+json", "{\"id\": ").detail())
                .isEqualTo(
                        "The body (line 1, column 8): this is no valid JSON: Unexpected end-of-input"
                                + " within/between Object entries.");
        assertThat(send("application/cloudevents-batch+json", "{}").detail()).contains("no list");
        assertThat(send("application/cloudevents+json", "{\"type\": \"refused\"}").detail())
                .contains("event 0");
        Answer plain = send("application/json", "{}");
        assertThat(plain.status()).isEqualTo(415);
        assertThat(plain.detail()).contains("application/cloudevents+json");
        assertThat(events.sent).isEmpty();
    }
}
