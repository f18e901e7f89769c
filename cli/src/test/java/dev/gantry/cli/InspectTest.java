package dev.gantry.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.gantry.cli.client.Json;
import dev.gantry.cli.terminal.Style;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class InspectTest {
    private static final String SUMMARY =
            """
            {"id": "e-%d", "definition": {"kind": "workflow", "namespace": "shop", "name": "order",
             "version": "1.0.0"}, "status": "completed", "correlationId": "o-1", "initiator":
             "user:dev", "startedAt": "2026-11-20T08:00:00Z", "endedAt": "2026-11-20T08:00:04.2Z"}
            """;

    private static final String EXECUTION =
            """
            {"id": "e-1", "definition": {"namespace": "shop", "name": "order", "version": "1.0.0"},
             "status": "waiting", "input": {"orderId": 1}, "correlationId": "o-1", "initiator":
             "user:dev", "startedAt": "2026-11-20T08:00:00Z", "change": 4, "currentTasks": [
             {"pointer": "/do/1/charge", "iteration": "2", "status": "backoff", "step": 3,
              "waitingFor": "attempt 2 in 3 s"}]}
            """;

    private static final String STEPS =
            """
            {"items": [{"step": 3, "pointer": "/do/1/charge", "iteration": "2", "workload":
             "shop/charge:1.0.0", "runtimeClass": "faas", "status": "backoff", "input": {},
             "attempts": [{"attempt": 1, "adapter": "local-mock", "status": "failed", "scheduledAt":
             "2026-11-20T08:00:01Z", "endedAt": "2026-11-20T08:00:01.5Z"}]},
             {"step": 5, "pointer": "/do/2/ping", "iteration": "", "workload": "http", "status":
             "running", "input": {}, "attempts": [{"attempt": 1, "adapter": "http", "status":
             "running", "scheduledAt": "2026-11-20T08:00:01Z"}]}]}
            """;

    @TempDir Path folder;
    private FakeGantry server;
    private Cli cli;

    @BeforeEach
    void start() throws IOException {
        server = new FakeGantry();
        cli = Cli.of(folder, server);
    }

    @AfterEach
    void stop() {
        server.close();
    }

    @Test
    void showsAnExecution() {
        server.on("GET /v1/executions/e-1", 200, EXECUTION);
        server.on("GET /v1/executions/e-1/steps", 200, STEPS);

        assertThat(cli.run("get", "e-1")).isZero();
        assertThat(cli.out())
                .startsWith(
                        "id           e-1\ndefinition   shop/order:1.0.0\nstatus       waiting\n")
                .contains(
                        """
                        NOW        STATUS   WAITS FOR
                        charge[2]  backoff  attempt 2 in 3 s

                        STEP  TASK       RUNS               CLASS  ADAPTER     ATTEMPTS  STATUS   TOOK
                        3     charge[2]  shop/charge:1.0.0  faas   local-mock  1         backoff  0.50 s
                        5     ping       http               -      http        1         running
                        """)
                .endsWith("input\n{\n  \"orderId\": 1\n}\n");
        assertThat(cli.run("get", "e-1", "-o", "json")).isZero();
        assertThat(cli.json().path("change").asInt()).isEqualTo(4);
    }

    @Test
    void showsWhatStepsUsedWhereItIsKnown() {
        server.on("GET /v1/executions/e-1", 200, EXECUTION);
        server.on(
                "GET /v1/executions/e-1/steps",
                200,
                """
                {"items": [{"step": 1, "pointer": "/do/0/train", "iteration": "", "workload": "docker",
                 "runtimeClass": "container", "status": "succeeded", "input": {}, "attempts": [
                 {"attempt": 1, "adapter": "docker", "scheduledAt": "2026-11-20T08:00:01Z", "usage":
                  {"wallMillis": 20000, "cpuMillis": 5000, "peakMemoryBytes": 67108864,
                   "memoryLimitBytes": 536870912}},
                 {"attempt": 2, "adapter": "docker", "scheduledAt": "2026-11-20T08:00:31Z", "endedAt":
                  "2026-11-20T08:00:51Z", "usage": {"cpuMillis": 250, "peakMemoryBytes": 1048576}}]},
                 {"step": 2, "pointer": "/do/1/ping", "iteration": "", "workload": "http", "status":
                 "running", "input": {}, "attempts": [{"attempt": 1, "adapter": "http", "scheduledAt":
                 "2026-11-20T08:00:01Z", "usage": {"wallMillis": 10}}]}]}
                """);

        assertThat(cli.run("get", "e-1")).isZero();
        assertThat(cli.out())
                .contains(
                        """
                        STEP  TASK   RUNS    CLASS      ADAPTER  ATTEMPTS  STATUS     TOOK    CPU     MEMORY
                        1     train  docker  container  docker   2         succeeded  50.0 s  5.25 s  64 MiB of 512 MiB
                        2     ping   http    -          http     1         running            -       -
                        """);
    }

    @Test
    void listsWithFiltersOverPages() {
        server.on(
                "GET /v1/executions",
                exchange -> {
                    boolean second = exchange.getRequestURI().getQuery().contains("after=c%2F2");
                    String item = SUMMARY.formatted(second ? 2 : 1);
                    FakeGantry.answer(
                            exchange,
                            200,
                            second
                                    ? "{\"items\": [" + item + "]}"
                                    : "{\"items\": [" + item + "], \"next\": \"c%2F2\"}");
                });

        assertThat(cli.run("list", "--definition", "shop/order", "--status", "Completed")).isZero();
        assertThat(server.requests)
                .containsExactly(
                        "GET /v1/executions?definition=shop%2Forder&status=completed&limit=20",
                        "GET /v1/executions?definition=shop%2Forder&status=completed&limit=20"
                                + "&after=c%252F2");
        assertThat(cli.out().lines()).hasSize(3);
        assertThat(cli.out().lines().skip(1).findFirst().orElseThrow())
                .startsWith("e-1  shop/order:1.0.0  completed  ")
                .endsWith("  4.20 s");

        assertThat(cli.run("list", "--limit", "1")).isZero();
        assertThat(cli.out().lines()).hasSize(2);
        assertThat(cli.err()).contains("there are more");

        assertThat(cli.run("list", "--limit", "1", "-o", "json")).isZero();
        assertThat(cli.json().path("more").asBoolean()).isTrue();
        assertThat(cli.json().at("/items/0/id").asText()).isEqualTo("e-1");
    }

    @Test
    void understandsHowLongAgo() {
        Instant now = Instant.parse("2026-11-20T08:00:00Z");

        assertThat(ListCommand.time("90m", now)).isEqualTo("2026-11-20T06:30:00Z");
        assertThat(ListCommand.time("2d", now)).isEqualTo("2026-11-18T08:00:00Z");
        assertThat(ListCommand.time("2026-01-01T00:00:00Z", now)).isEqualTo("2026-01-01T00:00:00Z");
        assertThat(ListCommand.time(null, now)).isNull();
    }

    @Test
    void printsWhatTheServerExplainsAndDraws() {
        server.on(
                "GET /v1/definitions/shop/order/latest/explain",
                exchange ->
                        FakeGantry.send(exchange, 200, "text/markdown", "# shop/order\n\nIt.\n"));
        server.on(
                "GET /v1/executions/e-1/graph",
                exchange ->
                        FakeGantry.send(
                                exchange, 200, "text/vnd.mermaid", "flowchart TD\n    n0\n"));

        assertThat(cli.run("explain", "shop/order")).isZero();
        assertThat(cli.out()).isEqualTo("# shop/order\n\nIt.\n");
        assertThat(cli.run("graph", "e-1")).isZero();
        assertThat(cli.out()).endsWith("flowchart TD\n    n0\n");
        assertThat(server.headers)
                .containsEntry("GET /v1/executions/e-1/graph Accept", "text/vnd.mermaid");
    }

    @Test
    void printsALogAsItWasWritten() {
        server.on("GET /v1/executions/e-1/steps", 200, STEPS);
        server.on(
                "GET /v1/executions/e-1/steps/3/logs",
                exchange ->
                        FakeGantry.send(exchange, 200, "text/plain", "one\ntwo ä without an end"));

        assertThat(cli.run("logs", "e-1", "charge")).isZero();
        assertThat(cli.out()).isEqualTo("one\ntwo ä without an end");
        assertThat(server.headers)
                .containsEntry("GET /v1/executions/e-1/steps/3/logs Accept", "text/plain");

        assertThat(cli.run("logs", "e-1", "3", "-f", "-o", "json")).isZero();
        assertThat(server.requests.getLast()).endsWith("/3/logs?follow=true");
        assertThat(server.headers)
                .containsEntry(
                        "GET /v1/executions/e-1/steps/3/logs Accept", "application/x-ndjson");

        assertThat(cli.run("logs", "e-1", "chrage")).isEqualTo(Exit.INVALID);
        assertThat(cli.err()).contains("no step 'chrage'; there are: charge[2], ping");
    }

    @Test
    void printsAllLogsWithTheTaskBeforeEachLine() {
        List<String> statuses = new ArrayList<>(List.of("running", "completed"));
        server.on(
                "GET /v1/executions/e-1",
                exchange ->
                        FakeGantry.answer(
                                exchange,
                                200,
                                "{\"status\": \"%s\"}"
                                        .formatted(
                                                statuses.size() > 1
                                                        ? statuses.removeFirst()
                                                        : statuses.getFirst())));
        server.on("GET /v1/executions/e-1/steps", 200, STEPS);
        server.on("GET /v1/executions/e-1/steps/5/logs", 200, "{\"items\": []}");
        server.on(
                "GET /v1/executions/e-1/steps/3/logs",
                exchange -> {
                    boolean first = !exchange.getRequestURI().getQuery().contains("after");
                    FakeGantry.answer(
                            exchange,
                            200,
                            first
                                    ? """
                                    {"items": [{"sequence": 7, "stream": "stdout", "text": "on"},
                                     {"sequence": 8, "stream": "stderr", "text": "oops\\n"}]}
                                    """
                                    : """
                                    {"items": [{"sequence": 9, "stream": "stdout",
                                     "text": "e\\ntwo"}]}
                                    """);
                });

        assertThat(cli.run("logs", "e-1", "-f")).isZero();
        assertThat(cli.out()).isEqualTo("charge[2] | oops\ncharge[2] | one\ncharge[2] | two\n");
        assertThat(server.requests)
                .contains("GET /v1/executions/e-1/steps/3/logs?limit=500&after=8");
    }

    @Test
    void showsTheHistory() {
        server.on("GET /v1/executions/e-1/history", 200, History.ofOrder().page());

        assertThat(cli.run("history", "e-1")).isZero();
        assertThat(cli.out())
                .startsWith("#   AFTER   EVENT")
                .contains("10  0.25 s  StepEnded           charge   {\"frame\":4")
                .contains("…");
        assertThat(cli.run("history", "e-1", "--full")).isZero();
        assertThat(cli.out()).contains("try later").doesNotContain("…");
    }

    @Test
    void listsAdaptersAndDeadLetters() {
        server.on(
                "GET /v1/adapters",
                200,
                """
                {"items": [{"kind": "docker", "status": "disconnected", "detail": "no daemon",
                 "inFlight": 0, "queued": 2, "capabilities": {"runtimeClasses": ["container"],
                 "claims": ["REATTACH", "LOG_STREAMING"], "maxInFlight": 8}}]}
                """);
        server.on(
                "GET /v1/dead-letters",
                200,
                """
                {"items": [{"execution": "e-1", "definition": {"namespace": "shop", "name": "order",
                 "version": "1.0.0"}, "step": 3, "pointer": "/do/1/charge", "attempt": 1,
                 "failureCode": "TIMEOUT", "message": "no answer", "since":
                 "2026-11-20T08:00:00Z"}]}
                """);

        assertThat(cli.run("adapters", "--capabilities")).isZero();
        assertThat(cli.out())
                .contains("docker   disconnected  container  0        2       no daemon")
                .contains("reattach, log-streaming");
        assertThat(cli.run("dead-letters")).isZero();
        assertThat(cli.out())
                .contains("e-1        3     charge  shop/order:1.0.0")
                .contains("TIMEOUT");
    }

    @Test
    void listsWhatIsHeldAndWhatLeaked() {
        server.on(
                "GET /v1/leases",
                200,
                """
                {"items": [
                 {"tenant": "acme", "execution": "e-1", "step": 3, "attempt": 1, "definition":
                  {"namespace": "shop", "name": "order", "version": "1.0.0"}, "initiator": "user:ann",
                  "adapter": "docker", "externalName": "g1-3", "state": "provisioned",
                  "since": "2026-11-20T08:00:00Z", "changedAt": "2026-11-20T08:00:01Z"},
                 {"adapter": "docker", "externalName": "stray", "state": "orphan",
                  "reason": "no step wants it", "since": "2026-11-20T08:00:00Z",
                  "changedAt": "2026-11-20T08:00:01Z"}]}
                """);

        assertThat(cli.run("leases", "--adapter", "docker", "--state", "ORPHAN")).isZero();
        assertThat(cli.out())
                .startsWith("STATE        ADAPTER  RESOURCE  EXECUTION  STEP  DEFINITION")
                .contains("provisioned  docker   g1-3      e-1        3     shop/order:1.0.0")
                .contains("user:ann")
                .contains("orphan       docker   stray")
                .contains("no step wants it");
        assertThat(cli.run("leases", "-o", "json")).isZero();
        assertThat(cli.out()).contains("\"state\": \"orphan\"", "\"more\": false");
        assertThat(cli.run("leases", "--limit", "-1")).isEqualTo(Exit.INVALID);
    }

    @Test
    void steers() {
        List<JsonNode> bodies = new ArrayList<>();
        for (String verb : List.of("cancel", "suspend", "resume", "retry", "decide")) {
            server.on(
                    "POST /v1/executions/e-1:" + verb,
                    exchange -> {
                        byte[] body = exchange.getRequestBody().readAllBytes();
                        bodies.add(body.length == 0 ? Json.object() : Json.read(body));
                        FakeGantry.answer(
                                exchange,
                                200,
                                "{\"id\": \"e-1\", \"status\": \"running\", \"currentTasks\": [{}]}");
                    });
        }

        assertThat(cli.run("cancel", "e-1", "--reason", "enough")).isZero();
        assertThat(cli.out())
                .isEqualTo("e-1  running, cancelled once its 1 current tasks have stopped\n");
        assertThat(cli.run("suspend", "e-1")).isZero();
        assertThat(cli.run("resume", "e-1")).isZero();
        assertThat(cli.run("retry", "e-1")).isZero();
        assertThat(
                        cli.run(
                                "decide",
                                "e-1",
                                "3",
                                "accept",
                                "--result",
                                "{\"ok\": true}",
                                "--reason",
                                "seen"))
                .isZero();
        assertThat(cli.out()).isEqualTo("e-1  step 3: accept, now running\n");
        assertThat(cli.run("decide", "e-1", "3", "rerun", "--result", "1")).isEqualTo(Exit.INVALID);
        assertThat(cli.run("decide", "e-1", "3", "maybe")).isEqualTo(Exit.INVALID);
        assertThat(bodies.get(0).toString()).isEqualTo("{\"reason\":\"enough\"}");
        assertThat(bodies.get(4))
                .isEqualTo(
                        Json.parse(
                                "{\"step\": 3, \"decision\": \"accept\", \"output\": {\"ok\":"
                                        + " true}, \"reason\": \"seen\"}"));
    }

    @Test
    void coloursOnlyWhereItIsWanted() {
        server.on("GET /v1/executions", 200, "{\"items\": [" + SUMMARY.formatted(1) + "]}");

        cli.run("list");
        assertThat(cli.out()).doesNotContain("\u001b");
        cli.with(Style.ANSI).run("list");
        assertThat(cli.out()).contains("\u001b[32mcompleted\u001b[0m");
    }

    @Test
    void rebuildsPageByPageAndNamesWhatIsBroken() {
        server.on(
                "POST /v1/executions:rebuild",
                exchange -> {
                    boolean second = exchange.getRequestURI().getQuery().contains("after=x");
                    FakeGantry.answer(
                            exchange,
                            200,
                            second
                                    ? "{\"rebuilt\": 3, \"failed\": [\"e-7\"]}"
                                    : "{\"rebuilt\": 50, \"failed\": [], \"next\": \"x\"}");
                });

        assertThat(cli.run("rebuild", "--all")).isEqualTo(1);

        assertThat(cli.out()).contains("53 rebuilt, 1 failed").contains("e-7");
    }
}
