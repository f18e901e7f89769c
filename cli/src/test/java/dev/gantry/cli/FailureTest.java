package dev.gantry.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gantry.cli.client.Json;
import dev.gantry.cli.server.Context;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class FailureTest {
    @TempDir Path folder;
    private FakeGantry server;

    @BeforeEach
    void start() throws IOException {
        server = new FakeGantry();
    }

    @AfterEach
    void stop() {
        server.close();
    }

    @ParameterizedTest
    @CsvSource({
        "400, PARAMETER_INVALID, 2",
        "401, KEY_INVALID, 6",
        "403, PERMISSION_MISSING, 6",
        "404, EXECUTION_NOT_FOUND, 3",
        "409, WRONG_STATUS, 4",
        "413, BODY_TOO_LARGE, 2",
        "422, IDEMPOTENCY_KEY_REUSED, 4",
        "429, TOO_MANY_STREAMS, 5",
        "500, INTERNAL, 7",
        "503, ADAPTER_DISCONNECTED, 4",
        "503, OVERLOADED, 5",
    })
    void exitsByTheKindOfProblem(int status, String problem, int code) {
        server.on(
                "GET /v1/adapters",
                exchange -> FakeGantry.problem(exchange, status, problem, "What is wrong."));
        Cli cli = Cli.of(folder, server);

        assertThat(cli.run("adapters")).isEqualTo(code);
        assertThat(cli.out()).isEmpty();
        assertThat(cli.err())
                .startsWith(
                        "error: Title of %s (%s)\n  What is wrong.".formatted(problem, problem));

        assertThat(cli.run("adapters", "-o", "json")).isEqualTo(code);
        assertThat(Json.parse(cli.err()).path("code").asText()).isEqualTo(problem);
    }

    @Test
    void copesWithAnswersThatAreNoProblems() {
        server.on(
                "GET /v1/adapters",
                exchange -> FakeGantry.send(exchange, 502, "text/html", "<h1>Bad Gateway</h1>"));
        server.on(
                "GET /v1/dead-letters",
                exchange -> FakeGantry.send(exchange, 200, "text/html", "<h1>Hello</h1>"));
        Cli cli = Cli.of(folder, server);

        assertThat(cli.run("adapters")).isEqualTo(Exit.UNREACHABLE);
        assertThat(cli.err()).startsWith("error: HTTP status 502");
        assertThat(cli.run("dead-letters")).isEqualTo(Exit.UNREACHABLE);
        assertThat(cli.err()).contains("what answers sends no JSON");
    }

    @Test
    void saysHowToStartAServerIfNoneIsThere() {
        Cli cli = new Cli(folder).with("GANTRY_URL", "localhost:1");

        assertThat(cli.run("list")).isEqualTo(Exit.UNREACHABLE);
        assertThat(cli.err())
                .contains("error: no Gantry server at http://localhost:1: nothing listens there")
                .contains("gantry demo");
        assertThat(cli.run("list", "--url", "ftp://x")).isEqualTo(Exit.INVALID);
        assertThat(cli.err()).contains("'ftp://x' is no URL of a server");
    }

    @Test
    void tellsHowToUseIt() {
        Cli cli = new Cli(folder);

        assertThat(cli.run("lst")).isEqualTo(Exit.INVALID);
        assertThat(cli.err()).contains("gantry list");
        assertThat(cli.run("run")).isEqualTo(Exit.INVALID);
        assertThat(cli.err()).contains("'gantry run --help'");
        assertThat(cli.run("--help")).isZero();
        assertThat(cli.out()).contains("dead-letters").contains("Exit codes");
        assertThat(cli.run("run", "--help")).isZero();
        assertThat(cli.out()).contains("--idempotency-key");
        assertThat(cli.run()).isEqualTo(Exit.INVALID);
    }

    @Test
    void findsTheServerThatRunsHere() throws IOException {
        server.on("GET /v1/adapters", 200, "{\"items\": []}");
        long alive = ProcessHandle.current().pid();
        Path data = folder.resolve(".gantry");
        new Context(server.url(), FakeGantry.KEY, alive).write(data.resolve("demo"));
        new Context("http://localhost:1", null, Long.MAX_VALUE).write(data);

        assertThat(new Cli(folder).run("adapters")).isZero();
        assertThat(new Cli(folder).run("adapters", "--data", ".gantry/demo")).isZero();
        assertThat(Files.getPosixFilePermissions(data.resolve("context.json")))
                .hasToString("[OWNER_READ, OWNER_WRITE]");
    }

    @Test
    void keepsTheKeyOfOneServerFromAnother() throws IOException {
        try (FakeGantry other = new FakeGantry()) {
            new Context(server.url(), FakeGantry.KEY, ProcessHandle.current().pid())
                    .write(folder.resolve(".gantry"));

            Cli cli = new Cli(folder);

            assertThat(cli.run("adapters", "--url", other.url())).isEqualTo(Exit.UNAUTHORIZED);
            assertThat(other.headers).doesNotContainKey("GET /v1/adapters Authorization");
            assertThat(cli.err()).contains("--token or GANTRY_TOKEN");
        }
    }
}
