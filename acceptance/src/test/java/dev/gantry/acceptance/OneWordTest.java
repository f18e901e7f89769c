package dev.gantry.acceptance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.CleanupMode;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The example that changes one word: the same source file on every backend that is there. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class OneWordTest {
    private static final Path EXAMPLES =
            Path.of(System.getProperty("gantry.home", ".."), "examples");

    /** What only adapters that hold something on their backend write down. */
    private static final List<String> OF_RESOURCES = List.of("StepProvisioned", "StepReleased");

    private final Map<TestBackend, JsonNode> ran = new EnumMap<>(TestBackend.class);
    private Server server;

    @BeforeAll
    void start(@TempDir(cleanup = CleanupMode.ON_SUCCESS) Path folder)
            throws IOException, InterruptedException {
        List<String> options = new ArrayList<>();
        String function = Files.readString(EXAMPLES.resolve("functions/tally.yaml"));
        for (TestBackend backend : TestBackend.values()) {
            if (backend.isThere()) {
                options.addAll(backend.options());
            }
        }
        if (TestBackend.LAMBDA.isThere()) {
            TestLambda.createRole();
        }
        server =
                new Server(
                        Files.createDirectories(folder.resolve("data")),
                        options.toArray(String[]::new));
        server.awaitReady();
        server.publish(function);
    }

    @AfterAll
    void stop() {
        server.close();
    }

    @ParameterizedTest
    @EnumSource
    void givesTheSameWhereverItRuns(TestBackend backend) throws Exception {
        assumeTrue(backend.isThere(), () -> "left out: there is no " + backend.word);

        JsonNode execution = run(backend);

        assertThat(execution.path("status").asText())
                .as(execution.toString())
                .isEqualTo("completed");
        assertThat(execution.path("output").toString()).isEqualTo("{\"lines\":2,\"total\":42}");
        JsonNode step = steps(execution).path(0);
        assertThat(step.at("/attempts/0/adapter").asText()).isEqualTo(backend.word);
        assertThat(log(execution)).contains("tallying 2 lines");
        if (backend != TestBackend.LOCAL_MOCK) {
            JsonNode usage = step.at("/attempts/0/usage");
            assertThat(usage.path("wallMillis").isNumber()).as(usage.toString()).isTrue();
            assertThat(usage.path("memoryLimitBytes").asLong()).isEqualTo(128L << 20);
        }
    }

    @Test
    void writesTheSameHistory() throws Exception {
        Map<TestBackend, List<String>> histories = new EnumMap<>(TestBackend.class);
        for (TestBackend backend : TestBackend.values()) {
            if (backend.isThere()) {
                histories.put(backend, history(run(backend)));
            }
        }

        assertThat(histories.values())
                .allSatisfy(history ->
                        assertThat(history).isEqualTo(histories.get(TestBackend.LOCAL_MOCK)));
    }

    private JsonNode run(TestBackend backend) throws IOException, InterruptedException {
        JsonNode known = ran.get(backend);
        if (known != null) {
            return known;
        }
        String workflow =
                Files.readString(EXAMPLES.resolve("workflows/one-word.yaml"))
                        .replace("adapter: docker}", "adapter: " + backend.word + "}")
                        .replace("name: one-word", "name: one-word-" + backend.word);
        assertThat(workflow).contains("adapter: " + backend.word + "}");
        server.publish(workflow);
        HttpResponse<String> answer =
                server.call(
                        "POST",
                        "/v1/executions",
                        "{\"definition\": {\"namespace\": \"demo\", \"name\": \"one-word-%s\"}, \"input\": %s}"
                                .formatted(
                                        backend.word,
                                        Files.readString(EXAMPLES.resolve("inputs/lines.json"))),
                        "Content-Type",
                        "application/json");
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(201);
        JsonNode execution = Server.JSON.readTree(answer.body());
        String path = "/v1/executions/" + execution.path("id").asText();
        for (int i = 0; i < 600 && execution.path("endedAt").isMissingNode(); i++) {
            Thread.sleep(200);
            execution = server.get(path);
        }
        ran.put(backend, execution);
        return execution;
    }

    private JsonNode steps(JsonNode execution) throws IOException, InterruptedException {
        return server.get("/v1/executions/" + execution.path("id").asText() + "/steps")
                .path("items");
    }

    private String log(JsonNode execution) throws IOException, InterruptedException {
        return server.call(
                        "GET",
                        "/v1/executions/" + execution.path("id").asText() + "/steps/1/logs",
                        null)
                .body();
    }

    private List<String> history(JsonNode execution) throws IOException, InterruptedException {
        List<String> types = new ArrayList<>();
        server.get("/v1/executions/" + execution.path("id").asText() + "/history?limit=200")
                .path("items")
                .forEach(event -> types.add(event.path("type").asText()));
        types.removeAll(OF_RESOURCES);
        return types;
    }
}
