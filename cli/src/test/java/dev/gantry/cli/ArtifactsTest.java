package dev.gantry.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ArtifactsTest {
    private static final String CONTENT = "GET /v1/executions/e-1/steps/3/artifacts/content";

    @TempDir Path folder;
    private FakeGantry server;
    private Cli cli;

    @BeforeEach
    void start() throws IOException {
        server = new FakeGantry();
        cli = Cli.of(folder, server);
        server.on(
                "GET /v1/executions/e-1/steps",
                200,
                """
                {"items": [{"step": 3, "pointer": "/do/0/pack", "iteration": "", "status": "succeeded"},
                 {"step": 4, "pointer": "/do/1/scan", "iteration": "1", "status": "succeeded"},
                 {"step": 5, "pointer": "/do/1/scan", "iteration": "2", "status": "succeeded"}]}
                """);
        server.on(
                "GET /v1/executions/e-1/steps/3/artifacts",
                200,
                """
                {"items": [{"attempt": 1, "path": "out/größe.csv", "sizeBytes": 12345, "at":
                 "2026-11-20T08:00:00Z", "href": "/v1/…"}]}
                """);
        server.on("GET /v1/executions/e-1/steps/4/artifacts", 200, "{\"items\": []}");
        server.on("GET /v1/executions/e-1/steps/5/artifacts", 200, "{\"items\": []}");
        server.on(
                CONTENT,
                exchange ->
                        FakeGantry.send(exchange, 200, "application/octet-stream", "a\r\nb\0c"));
    }

    @AfterEach
    void stop() {
        server.close();
    }

    @Test
    void listsTheFilesOfAStep() {
        assertThat(cli.run("artifacts", "e-1", "pack")).isZero();
        assertThat(cli.out())
                .contains("STEP  ATTEMPT  BYTES   WRITTEN")
                .contains("3     1        12,345  2026-11-20")
                .endsWith("  out/größe.csv\n");
        assertThat(cli.run("artifacts", "e-1", "3", "-o", "json")).isZero();
        assertThat(cli.json().at("/items/0/step").asInt()).isEqualTo(3);
        assertThat(cli.json().at("/items/0/path").asText()).isEqualTo("out/größe.csv");
        assertThat(cli.run("artifacts", "e-1", "scan")).isZero();
        assertThat(cli.err()).contains("no output files");
    }

    @Test
    void getsAFile() throws IOException {
        assertThat(cli.run("artifacts", "e-1", "pack", "out/größe.csv")).isZero();
        assertThat(server.requests.getLast())
                .isEqualTo(CONTENT + "?path=out%2Fgr%C3%B6%C3%9Fe.csv");
        assertThat(folder.resolve("größe.csv")).hasContent("a\r\nb\0c");
        assertThat(cli.out()).endsWith("größe.csv  6 bytes\n");

        assertThat(cli.run("artifacts", "e-1", "pack", "out/größe.csv")).isEqualTo(Exit.INVALID);
        assertThat(cli.err()).contains("is there already");
        assertThat(cli.run("artifacts", "e-1", "3", "out/größe.csv", "--to", "x.csv")).isZero();
        assertThat(folder.resolve("x.csv")).hasContent("a\r\nb\0c");
        assertThat(cli.run("artifacts", "e-1", "3", "out/größe.csv", "--to", "-")).isZero();
        assertThat(cli.out()).isEqualTo("a\r\nb\0c");
    }

    @Test
    void writesNowhereElse() throws IOException {
        assertThat(cli.run("artifacts", "e-1", "3", "../../..")).isEqualTo(Exit.INVALID);
        assertThat(cli.err()).contains("is no name of a file");
        assertThat(cli.run("artifacts", "e-1", "3", "../up.txt")).isZero();
        assertThat(folder.resolve("up.txt")).exists();
        assertThat(cli.run("artifacts", "e-1", "3", "a", "--to", "no/folder/a"))
                .isEqualTo(Exit.INVALID);
        assertThat(cli.err()).contains("cannot be written");
        assertThat(cli.run("artifacts", "e-1", "scan", "a")).isEqualTo(Exit.INVALID);
        assertThat(cli.err()).contains("'scan' is 2 steps: name one of 4, 5");
        assertThat(cli.run("artifacts", "e-1", "3", "--to", "a")).isEqualTo(Exit.INVALID);
    }

    @Test
    void leavesNothingOfAFileThatIsNotThere() throws IOException {
        server.on(
                CONTENT,
                exchange ->
                        FakeGantry.problem(
                                exchange, 404, "ARTIFACT_NOT_FOUND", "Step 3 left no file 'b'."));

        assertThat(cli.run("artifacts", "e-1", "3", "b")).isEqualTo(Exit.NOT_FOUND);
        try (var files = Files.list(folder)) {
            assertThat(files).isEmpty();
        }
    }
}
