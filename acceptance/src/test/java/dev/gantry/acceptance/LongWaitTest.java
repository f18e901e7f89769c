package dev.gantry.acceptance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.CleanupMode;
import org.junit.jupiter.api.io.TempDir;

/**
 * An execution waits for 40 days, of which nobody has to wait for one: the server's clock is set
 * forward from start to start. In the meantime its definition is published anew.
 */
class LongWaitTest {
    private static final String DOCUMENT =
            """
            document: {dsl: '1.0.3', namespace: long, name: wait, version: '%s'}
            timeout: {after: {days: 60}}
            do:
              - remember: {set: {order: "${ .order }", version: '%s'}, export: {as: .}}
              - both:
                  fork:
                    branches:
                      - paid:
                          listen: {to: {one: {with: {type: long.paid}, correlate: {order: {from: .data.order, expect: "${ .order }"}}}}}
                      - days: {wait: {days: 35}}
              - report: {set: {version: "${ $context.version }", amount: "${ .[0][0].amount }"}}
            """;

    @TempDir(cleanup = CleanupMode.ON_SUCCESS)
    Path folder;

    @Test
    void waitsForAnEventForFortyDaysAcrossRestartsAndAnUpgrade() throws Exception {
        Path data = Files.createDirectories(folder.resolve("data"));
        String first;
        String second;
        Instant began;

        try (Server server = on(data, 0)) {
            server.publish(DOCUMENT.formatted("1.0.0", "1.0.0"));
            first = start(server, "o-1");
            began = Instant.parse(server.get("/v1/executions/" + first).path("startedAt").asText());
            await().untilAsserted(() -> assertThat(waiting(server, first)).isEqualTo(2));
        }
        try (Server server = on(data, 10)) {
            server.publish(DOCUMENT.formatted("1.1.0", "1.1.0"));
            second = start(server, "o-2");
            send(server, "long.paid", "o-9", 1);
            send(server, "long.sent", "o-1", 2);
            await().untilAsserted(() -> assertThat(waiting(server, second)).isEqualTo(2));
            assertThat(waiting(server, first)).isEqualTo(2);
        }
        try (Server server = on(data, 25)) {
            server.kill();
            server.restart();
            assertThat(waiting(server, first)).isEqualTo(2);
        }
        try (Server server = on(data, 36)) {
            await().untilAsserted(() -> assertThat(waiting(server, first)).isEqualTo(1));
            assertThat(waiting(server, second)).isEqualTo(2);
        }
        try (Server server = on(data, 40)) {
            send(server, "long.paid", "o-1", 42);
            JsonNode ended = ended(server, first);

            assertThat(ended.path("status").asText()).isEqualTo("completed");
            assertThat(ended.path("output"))
                    .isEqualTo(Server.JSON.readTree("{\"version\": \"1.0.0\", \"amount\": 42}"));
            assertThat(Instant.parse(ended.path("endedAt").asText()))
                    .isAfter(began.plus(Duration.ofDays(40)));
            assertThat(waiting(server, second)).isEqualTo(2);
        }
        try (Server server = on(data, 46)) {
            send(server, "long.paid", "o-2", 43);

            assertThat(ended(server, second).path("output").path("version").asText())
                    .isEqualTo("1.1.0");
        }
    }

    private static Server on(Path data, int day) throws IOException, InterruptedException {
        Server server = new Server(data, "--gantry.dev.clock-offset=" + day + "d");
        server.awaitReady();
        return server;
    }

    /** The version is the latest one at that time. */
    private static String start(Server server, String order)
            throws IOException, InterruptedException {
        ObjectNode request = Server.JSON.createObjectNode();
        request.putObject("definition").put("namespace", "long").put("name", "wait");
        request.putObject("input").put("order", order);
        HttpResponse<String> answer =
                server.call(
                        "POST",
                        "/v1/executions",
                        request.toString(),
                        "Content-Type",
                        "application/json");
        assertThat(answer.statusCode()).as(answer.body()).isLessThan(300);
        return Server.JSON.readTree(answer.body()).path("id").asText();
    }

    private static void send(Server server, String type, String order, int amount)
            throws IOException, InterruptedException {
        ObjectNode event = Server.JSON.createObjectNode();
        event.put("specversion", "1.0").put("source", "/long").put("type", type);
        event.put("id", type + "-" + order);
        event.putObject("data").put("order", order).put("amount", amount);
        HttpResponse<String> answer =
                server.call(
                        "POST",
                        "/v1/events",
                        event.toString(),
                        "Content-Type",
                        "application/cloudevents+json");
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(202);
    }

    private static int waiting(Server server, String id) throws IOException, InterruptedException {
        return server.get("/v1/executions/" + id).path("currentTasks").size();
    }

    private static JsonNode ended(Server server, String id) {
        return await().atMost(Duration.ofSeconds(20))
                .until(
                        () -> server.get("/v1/executions/" + id),
                        execution ->
                                execution
                                        .path("status")
                                        .asText()
                                        .matches("completed|faulted|cancelled"));
    }
}
