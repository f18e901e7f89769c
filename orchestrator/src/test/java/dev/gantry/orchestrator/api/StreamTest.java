package dev.gantry.orchestrator.api;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import dev.gantry.orchestrator.engine.ExecutionStatus;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class StreamTest extends ApiTest {
    /** A streamed answer, read line by line while it comes. */
    private final class Stream implements AutoCloseable {
        final HttpResponse<InputStream> response;
        final BufferedReader lines;

        Stream(String path, String... headers) throws Exception {
            var request = as(DEV_KEY, request(path));
            if (headers.length > 0) {
                request.headers(headers);
            }
            response = client().send(request.build(), BodyHandlers.ofInputStream());
            lines =
                    new BufferedReader(
                            new InputStreamReader(response.body(), StandardCharsets.UTF_8));
        }

        /** The next data line of an event stream; null at its end. */
        JsonNode event() throws IOException {
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                if (line.startsWith("data: ")) {
                    return JSON.readTree(line.substring(6));
                }
            }
            return JsonNodeFactory.instance.missingNode();
        }

        @Override
        public void close() throws IOException {
            lines.close();
        }
    }

    @Test
    void followsAnExecutionToItsEnd() throws Exception {
        String id = slow();

        try (Stream stream = new Stream("/v1/executions/" + id + "/events")) {
            assertThat(stream.response.headers().firstValue("Content-Type"))
                    .hasValueSatisfying(type -> assertThat(type).startsWith("text/event-stream"));
            assertThat(stream.event().get("change").asInt()).isEqualTo(1);

            executions.fake(id).touch();
            assertThat(stream.event().get("change").asInt()).isEqualTo(2);

            executions
                    .fake(id)
                    .end(ExecutionStatus.COMPLETED, JsonNodeFactory.instance.numberNode(7));
            JsonNode last = stream.event();
            assertThat(last.get("status").asText()).isEqualTo("completed");
            assertThat(last.get("output").asInt()).isEqualTo(7);
            assertThat(stream.event().isMissingNode()).isTrue();
        }
    }

    @Test
    void goesOnWhereAClientLeftAndShowsThatItLives() throws Exception {
        String id = slow();

        try (Stream stream = new Stream("/v1/executions/" + id + "/events", "Last-Event-ID", "1")) {
            assertThat(stream.lines.readLine()).isEqualTo(":");
            assertThat(stream.lines.readLine()).isEmpty();
            executions.fake(id).end(ExecutionStatus.CANCELLED, null);

            assertThat(stream.event().get("change").asInt()).isEqualTo(2);
        }
    }

    @Test
    void refusesToFollowWhatIsNotThere() {
        Answer answer =
                send(
                        as(
                                DEV_KEY,
                                request(
                                                "/v1/executions/00000000-0000-7000-8000-000000000000/events")
                                        .header("Accept", "text/event-stream")));

        assertThat(answer.status()).isEqualTo(404);
        assertThat(answer.code()).isEqualTo("EXECUTION_NOT_FOUND");
        assertThat(answer.header("Content-Type")).isEqualTo("application/problem+json");
    }

    @Test
    void limitsTheNumberOfStreams() throws Exception {
        String id = slow();
        List<Stream> streams = new ArrayList<>();
        for (int i = 0; i < 8; i++) {
            streams.add(new Stream("/v1/executions/" + id + "/events"));
        }

        Answer refused = get("/v1/executions/" + id + "/events");

        assertThat(refused.status()).isEqualTo(429);
        assertThat(refused.code()).isEqualTo("TOO_MANY_STREAMS");
        assertThat(refused.header("Retry-After")).isEqualTo("1");
        executions.fake(id).end(ExecutionStatus.CANCELLED, null);
        for (Stream stream : streams) {
            stream.lines.lines().forEach(_ -> {});
            stream.close();
        }
        try (Stream free = new Stream("/v1/executions/" + id + "/events")) {
            assertThat(free.response.statusCode()).isEqualTo(200);
        }
    }

    @Test
    void readsALogAsItWasWritten() {
        String id = slow();
        executions.fake(id).log("one\n");
        executions.fake(id).log("two ä");

        Answer text = get("/v1/executions/" + id + "/steps/1/logs");

        assertThat(text.body()).isEqualTo("one\ntwo ä");
        assertThat(text.header("Content-Type")).isEqualToIgnoringCase("text/plain;charset=utf-8");
        assertThat(get("/v1/executions/" + id + "/steps/1/logs?after=0").body()).isEqualTo("two ä");
    }

    @Test
    void pagesThroughALog() {
        String id = slow();
        for (int i = 0; i < 3; i++) {
            executions.fake(id).log("line " + i + "\n");
        }
        String path = "/v1/executions/" + id + "/steps/1/logs?limit=2";

        JsonNode first =
                send(as(DEV_KEY, request(path).header("Accept", "application/json"))).json();
        JsonNode second =
                send(as(
                                DEV_KEY,
                                request(path + "&after=" + first.get("next").asText())
                                        .header("Accept", "application/json")))
                        .json();

        assertThat(first.at("/items/1/text").asText()).isEqualTo("line 1\n");
        assertThat(first.at("/items/1/stream").asText()).isEqualTo("stdout");
        assertThat(second.get("items")).hasSize(1);
        assertThat(second.has("next")).isFalse();
    }

    @Test
    void followsALogUntilTheStepHasEnded() throws Exception {
        String id = slow();
        executions.fake(id).log("one\n");

        try (Stream stream = new Stream("/v1/executions/" + id + "/steps/1/logs?follow=true")) {
            assertThat(stream.lines.readLine()).isEqualTo("one");
            executions.fake(id).log("two\n");
            assertThat(stream.lines.readLine()).isEqualTo("two");
            executions.fake(id).log("three\n");
            executions.fake(id).stepStatus = "succeeded";
            assertThat(stream.lines.readLine()).isEqualTo("three");
            assertThat(stream.lines.readLine()).isNull();
        }
    }

    @Test
    void followsALogAsLinesOfJson() throws Exception {
        String id = slow();
        executions.fake(id).log("one\n");
        executions.fake(id).stepStatus = "failed";

        try (Stream stream =
                new Stream(
                        "/v1/executions/" + id + "/steps/1/logs?follow=true",
                        "Accept",
                        "application/x-ndjson")) {
            assertThat(JSON.readTree(stream.lines.readLine()).get("text").asText())
                    .isEqualTo("one\n");
            assertThat(stream.lines.readLine()).isNull();
        }
    }

    @Test
    void refusesLogsOfStepsThatAreNotThere() {
        assertThat(get("/v1/executions/" + slow() + "/steps/9/logs?follow=true").code())
                .isEqualTo("STEP_NOT_FOUND");
        assertThat(get("/v1/executions/" + slow() + "/steps/x/logs").code())
                .isEqualTo("STEP_NOT_FOUND");
    }
}
