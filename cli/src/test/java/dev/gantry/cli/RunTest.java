package dev.gantry.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.sun.net.httpserver.HttpExchange;
import dev.gantry.cli.client.Json;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RunTest {
    private static final String ID = "0199a000-0000-7000-8000-000000000001";
    private static final String PATH = "/v1/executions/" + ID;

    @TempDir Path folder;
    private FakeGantry server;
    private Cli cli;
    private final List<JsonNode> starts = new ArrayList<>();

    @BeforeEach
    void start() throws IOException {
        server = new FakeGantry();
        cli = Cli.of(folder, server);
        server.on(
                "POST /v1/executions",
                exchange -> {
                    starts.add(FakeGantry.body(exchange));
                    FakeGantry.answer(exchange, 201, "{\"id\": \"" + ID + "\"}");
                });
        server.on("GET " + PATH + "/history", 200, History.ofOrder().page());
        ends("completed", "\"output\": {\"total\": 7.10}");
    }

    @AfterEach
    void stop() {
        server.close();
    }

    private static String execution(String status, String more) {
        return """
        {"id": "%s", "status": "%s", "definition": {"namespace": "shop", "name": "order",
         "version": "1.0.0"}, "startedAt": "2026-11-20T08:00:00Z",
         "endedAt": "2026-11-20T08:00:01Z", "change": 9, "currentTasks": [],
         "input": {}, %s}
        """
                .formatted(ID, status, more)
                .replace("\n", " ");
    }

    private void ends(String status, String more) {
        server.on("GET " + PATH, 200, execution(status, more));
        server.on(
                "GET " + PATH + "/events",
                exchange ->
                        stream(
                                exchange,
                                "id: 1\nevent: changed\ndata: %s\n\n:\n\nid: 9\ndata: %s\n\n"
                                        .formatted(
                                                execution("running", "\"x\": 1"),
                                                execution(status, more))));
    }

    private static void stream(HttpExchange exchange, String text) throws IOException {
        exchange.getResponseHeaders().set("Content-Type", "text/event-stream");
        exchange.sendResponseHeaders(200, 0);
        exchange.getResponseBody().write(text.getBytes(StandardCharsets.UTF_8));
    }

    @Test
    void followsAnExecutionToItsEnd() {
        int code = cli.run("run", "shop/order:1.0.0", "--input", "{\"orderId\": 1}");

        assertThat(code).isZero();
        assertThat(starts.getFirst())
                .isEqualTo(
                        Json.parse(
                                """
                                {"definition": {"kind": "workflow", "namespace": "shop", "name":
                                 "order", "version": "1.0.0"}, "input": {"orderId": 1}}
                                """));
        assertThat(cli.out())
                .startsWith("shop/order:1.0.0  " + ID + "\n    0.00s  ● started\n")
                .contains("✗ charge            HTTP_503: try later")
                .endsWith(
                        """

                        ✓ completed in 1.00 s
                        {
                          "total": 7.10
                        }
                        """);
    }

    @Test
    void exitsByTheResult() {
        ends(
                "faulted",
                "\"error\": {\"type\": \"urn:e\", \"status\": 503, \"title\": \"Broken\","
                        + " \"detail\": \"no carrier\", \"instance\": \"/do/1/ship\"}");
        assertThat(cli.run("run", "shop/order")).isEqualTo(Exit.FAILED);
        assertThat(cli.out())
                .contains("✗ faulted in 1.00 s")
                .contains("type    urn:e, status 503")
                .contains("at      /do/1/ship")
                .doesNotContain("code");

        ends("cancelled", "\"x\": 1");
        assertThat(cli.run("run", "shop/order")).isEqualTo(Exit.FAILED);
        assertThat(cli.out()).contains("■ cancelled in 1.00 s");
    }

    @Test
    void givesProgramsTheExecutionOnly() {
        int code = cli.run("run", "shop/order", "-o", "json");

        assertThat(code).isZero();
        assertThat(cli.json().at("/output/total").decimalValue()).isEqualTo("7.10");
        assertThat(server.requests).noneMatch(request -> request.contains("/history"));
    }

    @Test
    void startsOnly() {
        int code = cli.run("run", "shop/order", "--no-wait", "--correlation-id", "o-1");

        assertThat(code).isZero();
        assertThat(cli.out()).isEqualTo(ID + "\n");
        assertThat(starts.getFirst().path("correlationId").asText()).isEqualTo("o-1");
        assertThat(server.requests).hasSize(1);
    }

    @Test
    void readsInputFromFilesAndTheStandardInput() throws IOException {
        Files.writeString(folder.resolve("order.json"), "{\"a\": 1}");

        cli.run("run", "shop/order", "--no-wait", "--input", "@order.json");
        cli.input("[2]").run("run", "shop/order", "--no-wait", "-i", "@-");

        assertThat(starts.get(0).path("input").toString()).isEqualTo("{\"a\":1}");
        assertThat(starts.get(1).path("input").toString()).isEqualTo("[2]");
    }

    @Test
    void refusesInputThatIsNoJson() {
        assertThat(cli.run("run", "shop/order", "--input", "{a: 1}")).isEqualTo(Exit.INVALID);
        assertThat(cli.err()).contains("--input is no JSON: line 1, column").contains("@FILE");
        assertThat(cli.run("run", "shop/order", "-i", "@none.json")).isEqualTo(Exit.INVALID);
        assertThat(cli.err()).contains("none.json can not be read");
        assertThat(cli.run("run", "order")).isEqualTo(Exit.INVALID);
        assertThat(cli.err()).contains("expected is NAMESPACE/NAME or NAMESPACE/NAME:VERSION");
        assertThat(starts).isEmpty();
    }

    @Test
    void asksAgainWithTheSameKeyWhenTheAnswerIsLost() {
        List<String> keys = new ArrayList<>();
        server.on(
                "POST /v1/executions",
                exchange -> {
                    keys.add(exchange.getRequestHeaders().getFirst("Idempotency-Key"));
                    if (keys.size() == 1) {
                        // Closed without an answer.
                        return;
                    }
                    FakeGantry.answer(exchange, 201, "{\"id\": \"" + ID + "\"}");
                });

        int code = cli.run("run", "shop/order", "--no-wait");

        assertThat(code).isZero();
        assertThat(keys).hasSize(2).doesNotContainNull();
        assertThat(keys.get(0)).isEqualTo(keys.get(1));
    }

    @Test
    void saysThatTheKeyWasKnown() {
        server.on(
                "POST /v1/executions",
                exchange -> {
                    exchange.getResponseHeaders().set("Idempotency-Replayed", "true");
                    FakeGantry.answer(exchange, 201, "{\"id\": \"" + ID + "\"}");
                });

        cli.run("run", "shop/order", "--idempotency-key", "k1");

        assertThat(cli.out()).contains(ID + ", started before");
        assertThat(server.headers).containsEntry("POST /v1/executions Idempotency-key", "k1");
    }

    @Test
    void goesOnWhenTheConnectionBreaks() {
        AtomicInteger connections = new AtomicInteger();
        server.on("GET " + PATH, 200, execution("running", "\"x\": 1"));
        server.on(
                "GET " + PATH + "/events",
                exchange -> {
                    switch (connections.incrementAndGet()) {
                        case 1 ->
                                stream(
                                        exchange,
                                        "id: 1\ndata: %s\n\n"
                                                .formatted(execution("running", "\"x\": 1")));
                        case 2 ->
                                FakeGantry.problem(
                                        exchange, 503, "UNAVAILABLE", "This node starts.");
                        default ->
                                stream(
                                        exchange,
                                        "id: 9\ndata: %s\n\n"
                                                .formatted(
                                                        execution("completed", "\"output\": 1")));
                    }
                });

        int code = cli.run("run", "shop/order");

        assertThat(code).isZero();
        assertThat(connections).hasValue(3);
        assertThat(server.headers).containsEntry("GET " + PATH + "/events Last-event-id", "1");
        assertThat(cli.out())
                .contains("the server does not answer (This node starts.); waiting for it")
                .contains("the server is back")
                .contains("✓ completed");
    }

    @Test
    void followsWhatRunsAlready() {
        assertThat(cli.run("get", "--follow", ID)).isZero();
        assertThat(cli.out()).contains("✓ pack").contains("✓ completed");
        assertThat(starts).isEmpty();
    }

    @Test
    void saysWhatCanNotBeStarted() {
        server.on(
                "POST /v1/executions",
                exchange ->
                        FakeGantry.problem(
                                exchange,
                                503,
                                "ADAPTER_DISCONNECTED",
                                "Adapter docker is not connected: no daemon"));

        assertThat(cli.run("run", "shop/order")).isEqualTo(Exit.REFUSED);
        assertThat(cli.err())
                .isEqualTo(
                        """
                        error: Title of ADAPTER_DISCONNECTED (ADAPTER_DISCONNECTED)
                          Adapter docker is not connected: no daemon
                          → 'gantry adapters' shows what is connected.
                        """);
    }
}
