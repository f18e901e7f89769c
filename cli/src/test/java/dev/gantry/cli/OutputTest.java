package dev.gantry.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gantry.cli.client.Json;
import dev.gantry.cli.terminal.Style;
import dev.gantry.cli.terminal.Terminal;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What all commands' output has in common. */
class OutputTest {
    private static final String EXECUTION =
            """
            {"id": "e-1", "definition": {"namespace": "shop", "name": "order", "version": "1.0.0"},
             "status": "completed", "input": {"a": 1}, "output": {"said": "%s"}, "correlationId": "o",
             "initiator": "user:dev", "startedAt": "2026-11-20T08:00:00Z", "endedAt":
             "2026-11-20T08:00:01Z", "currentTasks": []}
            """;

    @TempDir Path folder;
    private FakeGantry server;
    private Cli cli;

    @BeforeEach
    void start() throws IOException {
        server = new FakeGantry();
        cli = Cli.of(folder, server);
        server.on("GET /v1/executions/e-1", 200, EXECUTION.formatted("hello"));
        server.on("GET /v1/executions", 200, "{\"items\": [" + EXECUTION.formatted("x") + "]}");
        server.on(
                "GET /v1/executions/e-1/steps",
                200,
                """
                {"items": [
                 {"step": 1, "pointer": "/do/0/first", "iteration": "", "status": "succeeded"},
                 {"step": 2, "pointer": "/do/1/second", "iteration": "", "status": "running"},
                 {"step": 3, "pointer": "/do/2/third", "iteration": "", "status": "succeeded"}]}
                """);
        server.on("GET /v1/executions/e-1/history", 200, History.ofOrder().page());
        server.on("GET /v1/adapters", 200, "{\"items\": [{\"kind\": \"docker\"}]}");
        server.on("GET /v1/definitions", 200, "{\"items\": [{\"name\": \"order\"}]}");
        server.on("POST /v1/executions/e-1:suspend", 200, EXECUTION.formatted("x"));
        server.on(
                "GET /v1/dead-letters",
                200,
                "{\"items\": [{\"execution\": \"e-1\", \"message\": \"no answer\"}]}");
        server.on(
                "GET /v1/leases",
                200,
                "{\"items\": [{\"externalName\": \"g1-1\", \"reason\": \"no step wants it\"}]}");
        server.on(
                "GET /v1/executions/e-1/steps/1/artifacts",
                200,
                "{\"items\": [{\"path\": \"a.csv\"}]}");
        log(1, chunk(1, 1, "stdout", "begun"), chunk(2, 2, "stdout", "again\\nand"));
        log(2, chunk(3, 1, "stderr", "half"));
        log(3, chunk(4, 1, "stdout", "third\\n"));
    }

    @AfterEach
    void stop() {
        server.close();
    }

    private static String chunk(int sequence, int attempt, String stream, String text) {
        return """
        {"sequence": %d, "attempt": %d, "stream": "%s", "text": "%s"}
        """
                .formatted(sequence, attempt, stream, text);
    }

    private void log(int step, String... chunks) {
        server.on(
                "GET /v1/executions/e-1/steps/%d/logs".formatted(step),
                exchange -> {
                    boolean first = !exchange.getRequestURI().getQuery().contains("after");
                    FakeGantry.answer(
                            exchange,
                            200,
                            "{\"items\": [" + (first ? String.join(",", chunks) : "") + "]}");
                });
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "list",
                "dead-letters",
                "leases",
                "adapters",
                "definitions",
                "get e-1",
                "history e-1",
                "logs e-1",
                "artifacts e-1 first",
                "suspend e-1",
                "help run",
                "list --help"
            })
    void endsItsLastLine(String command) {
        assertThat(cli.run(command.split(" ", -1))).isZero();
        assertThat(cli.out()).endsWith("\n").doesNotEndWith("\n\n");

        if (!command.contains("help")) {
            assertThat(cli.run((command + " -o json").split(" ", -1))).isZero();
            assertThat(cli.out()).endsWith("\n").doesNotEndWith("\n\n");
        }
    }

    @Test
    void endsAnUnfinishedLineBeforeThoseOfTheNextStep() {
        assertThat(cli.run("logs", "e-1")).isZero();
        assertThat(cli.out())
                .isEqualTo(
                        """
                        first | begun
                        first | again
                        first | and
                        second | half
                        third | third
                        """);
    }

    @Test
    void keepsAnUnfinishedLineOpenWhileItsStepRuns() {
        List<String> looks = new ArrayList<>(List.of("running", "running", "completed"));
        server.on(
                "GET /v1/executions/e-1",
                exchange ->
                        FakeGantry.answer(
                                exchange, 200, "{\"status\": \"%s\"}".formatted(looks.getFirst())));
        server.on(
                "GET /v1/executions/e-1/steps/2/logs",
                exchange -> {
                    boolean first = !exchange.getRequestURI().getQuery().contains("after");
                    looks.removeFirst();
                    FakeGantry.answer(
                            exchange,
                            200,
                            "{\"items\": [%s]}"
                                    .formatted(
                                            first
                                                    ? chunk(3, 1, "stderr", "half")
                                                    : looks.size() == 1
                                                            ? chunk(5, 1, "stderr", " done")
                                                            : ""));
                });

        assertThat(cli.run("logs", "e-1", "-f")).isZero();
        assertThat(cli.out())
                .isEqualTo(
                        """
                        first | begun
                        first | again
                        first | and
                        third | third
                        second | half done
                        """);
    }

    @Test
    void passesTheBytesOfOneStepThroughAsTheyAre() {
        server.on(
                "GET /v1/executions/e-1/steps",
                200,
                """
                {"items": [{"step": 1, "pointer": "/do/0/each", "iteration": "1"},
                 {"step": 2, "pointer": "/do/0/each", "iteration": "2"}]}
                """);
        for (int step = 1; step <= 2; step++) {
            String text = "of " + step;
            server.on(
                    "GET /v1/executions/e-1/steps/%d/logs".formatted(step),
                    exchange -> FakeGantry.send(exchange, 200, "text/plain", text));
        }

        assertThat(cli.run("logs", "e-1", "1")).isZero();
        assertThat(cli.out()).isEqualTo("of 1");
        assertThat(cli.run("logs", "e-1", "each")).isZero();
        assertThat(cli.out()).as("two steps").isEqualTo("of 1\nof 2");
    }

    @Test
    void endsTheLastLineBeforeThePromptOfATerminal() throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        Terminal terminal = new Terminal(out, out, Style.PLAIN, 80);

        terminal.copy(new ByteArrayInputStream("no end".getBytes(StandardCharsets.UTF_8)), true);
        terminal.copy(new ByteArrayInputStream("an end\n".getBytes(StandardCharsets.UTF_8)), true);
        terminal.copy(new ByteArrayInputStream(new byte[0]), true);

        assertThat(out.toString(StandardCharsets.UTF_8)).isEqualTo("no end\nan end\n");
    }

    @Test
    void printsCharactersAsTheyAre() {
        server.on(
                "GET /v1/executions/e-1",
                200,
                EXECUTION.formatted("😁 ż é \\u001b[2J \\u009b2J \\ud83d \\\\ \\\""));

        assertThat(cli.run("get", "e-1")).isZero();
        assertThat(cli.out())
                .contains("\"said\": \"😁 ż é \\u001B[2J \\u009b2J \\ud83d \\\\ \\\"\"");
        assertThat(cli.run("get", "e-1", "-o", "json")).isZero();
        assertThat(cli.json().at("/output/said").asText())
                .isEqualTo("😁 ż é \u001b[2J \u009b2J \ud83d \\ \"");
    }

    @Test
    void sendsCharactersAsTheyAre() {
        String text = "{\"a\": \"😁 \\ud83d\"}";

        byte[] sent = Json.bytes(Json.parse(text));

        assertThat(Json.parse(new String(sent, StandardCharsets.UTF_8)))
                .isEqualTo(Json.parse(text));
    }

    @Test
    void helpsAsTheOptionDoes() {
        for (String command : List.of("", "run", "definitions get")) {
            List<String> words = command.isEmpty() ? List.of() : List.of(command.split(" ", -1));
            List<String> asked = new ArrayList<>(List.of("help"));
            asked.addAll(words);
            assertThat(cli.run(asked.toArray(String[]::new))).isZero();
            String helped = cli.out();
            List<String> option = new ArrayList<>(words);
            option.add("--help");
            assertThat(cli.run(option.toArray(String[]::new))).isZero();

            assertThat(helped).isEqualTo(cli.out()).startsWith("Usage: gantry " + command);
        }
        assertThat(cli.run("help", "definition")).isEqualTo(Exit.INVALID);
        assertThat(cli.err())
                .contains("there is no command 'definition'; there are: demo, server, apply");
        assertThat(cli.run("help", "run", "get")).isEqualTo(Exit.INVALID);
    }
}
