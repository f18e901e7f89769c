package dev.gantry.acceptance;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.CleanupMode;
import org.junit.jupiter.api.io.TempDir;

/** Kills the server at random moments, and looks for what got lost or done twice. */
class CrashTest {
    private static final int WITH_CONTAINER_EVERY = 40;

    @TempDir(cleanup = CleanupMode.ON_SUCCESS)
    Path folder;

    private int executions;
    private final Map<Integer, String> acknowledged = new ConcurrentHashMap<>();
    private final AtomicBoolean starting = new AtomicBoolean(true);

    static String function(String name) {
        return """
        function: %s
        namespace: crash
        version: 1.0.0
        runtime: {class: faas}
        idempotent: false
        tags: {owner: test, domain: test, sensitivity: internal, lifecycle: experimental}
        """
                .formatted(name);
    }

    private static final String THREE =
            """
            document: {dsl: 1.0.3, namespace: crash, name: three, version: 1.0.0}
            do:
              - a: {call: "a:1.0.0@default", output: {as: '{n: .n, path: "a"}'}}
              - both:
                  fork:
                    branches:
                      - b: {call: "b:1.0.0@default", output: {as: .n}}
                      - c: {call: "b:1.0.0@default", output: {as: .n}}
              - pause: {wait: {milliseconds: 200}}
              - d: {call: "a:1.0.0@default", with: {sum: "${ add }"}}
            """;

    static final String CONTAINER =
            """
            document: {dsl: 1.0.3, namespace: crash, name: contained, version: 1.0.0}
            do:
              - work:
                  run:
                    container:
                      image: gantry/busybox:test
                      command: 'sleep 2; echo "$1"'
                      arguments: ["${ .n | tostring }"]
              - last: {call: "a:1.0.0@default", with: {sum: "${ .[:-1] | tonumber }"}}
            """;

    private static final String SCRIPT =
            """
            seed: 7
            rules:
              - when: {function: "crash/*"}
                latency: {from: 1ms, to: 400ms}
            """;

    @Test
    void losesNothingAndRepeatsNothing() throws Exception {
        crash(400, 3);
    }

    @Test
    void losesNothingOnAPostgresqlOfItsOwn() throws Exception {
        try (ExternalDatabase database = ExternalDatabase.create()) {
            crash(150, 2, "--database-url=" + database.url());
        }
    }

    private void crash(int count, int kills, String... options) throws Exception {
        executions = count;
        long seed = Long.getLong("gantry.seed", System.nanoTime());
        System.Logger log = System.getLogger("crash");
        log.log(System.Logger.Level.INFO, "gantry.seed={0}", Long.toString(seed));
        Random random = new Random(seed);
        boolean docker = TestDocker.isThere();
        Path ledger = folder.resolve("ledger.jsonl");
        Path script = Files.writeString(folder.resolve("mock.yaml"), SCRIPT);
        List<String> all = new ArrayList<>(List.of(options));
        all.add("--gantry.adapters.local-mock.ledger=" + ledger);
        all.add("--gantry.adapters.local-mock.script=" + script);
        try (Server server =
                new Server(
                        Files.createDirectories(folder.resolve("data")),
                        all.toArray(String[]::new))) {
            server.awaitReady();
            server.publish(function("a"));
            server.publish(function("b"));
            server.publish(THREE);
            server.publish(CONTAINER);
            Thread starter = Thread.ofVirtual().start(() -> startAll(server, docker));
            for (int kill = 0; kill < kills; kill++) {
                Thread.sleep(500 + random.nextInt(2_500));
                server.kill();
                server.restart();
            }
            starting.set(false);
            starter.join(Duration.ofSeconds(60));

            Map<String, JsonNode> ended = awaitAll(server, seed);

            assertThat(acknowledged).as("seed %d", seed).hasSize(count);
            acknowledged.forEach((n, id) -> {
                JsonNode execution = Objects.requireNonNull(ended.get(id));
                assertThat(execution.path("status").asText())
                        .as("seed %d: execution %s: %s", seed, id, execution)
                        .isEqualTo("completed");
                int expected = docker && n % WITH_CONTAINER_EVERY == 0 ? n : 2 * n;
                assertThat(execution.path("output").path("sum").asInt())
                        .as("seed %d: execution %s", seed, id)
                        .isEqualTo(expected);
            });
            assertThat(startsByStep(ledger))
                    .as("seed %d: steps that ran more than once", seed)
                    .allSatisfy((step, starts) -> assertThat(starts).isEqualTo(1));
        }
        if (docker) {
            assertThat(TestDocker.leftovers(new TreeSet<>(acknowledged.values())))
                    .as("containers left")
                    .isEmpty();
        }
    }

    /** Keeps asking with the same key until the start is acknowledged, as a careful client does. */
    private void startAll(Server server, boolean docker) {
        for (int n = 1; n <= executions; n++) {
            String workflow = docker && n % WITH_CONTAINER_EVERY == 0 ? "contained" : "three";
            String body =
                    "{\"definition\": {\"namespace\": \"crash\", \"name\": \"%s\"}, \"input\": {\"n\": %d}}"
                            .formatted(workflow, n);
            while (!acknowledged.containsKey(n)) {
                try {
                    HttpResponse<String> answer =
                            server.call(
                                    "POST",
                                    "/v1/executions",
                                    body,
                                    "Content-Type",
                                    "application/json",
                                    "Idempotency-Key",
                                    "crash-" + n);
                    if (answer.statusCode() / 100 == 2) {
                        acknowledged.put(
                                n, Server.JSON.readTree(answer.body()).path("id").asText());
                    } else if (answer.statusCode() < 500) {
                        throw new IllegalStateException(answer.statusCode() + " " + answer.body());
                    }
                } catch (IOException e) {
                    pause();
                } catch (InterruptedException e) {
                    return;
                }
            }
            if (starting.get()) {
                pause();
            }
        }
    }

    private static void pause() {
        try {
            Thread.sleep(15);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private Map<String, JsonNode> awaitAll(Server server, long seed) throws Exception {
        Map<String, JsonNode> ended = new HashMap<>();
        long end = System.nanoTime() + Duration.ofSeconds(90).toNanos();
        List<String> open = new ArrayList<>(acknowledged.values());
        while (!open.isEmpty() && System.nanoTime() < end) {
            for (String id : List.copyOf(open)) {
                JsonNode execution = server.get("/v1/executions/" + id);
                if (List.of("completed", "faulted", "cancelled")
                        .contains(execution.path("status").asText())) {
                    ended.put(id, execution);
                    open.remove(id);
                }
            }
            Thread.sleep(200);
        }
        List<JsonNode> stuck = new ArrayList<>();
        for (String id : open.subList(0, Math.min(3, open.size()))) {
            stuck.add(server.get("/v1/executions/" + id));
        }
        assertThat(open)
                .as("seed %d: executions that did not end: %s", seed, stuck)
                .isEqualTo(Collections.emptyList());
        return ended;
    }

    /** Counted at the runner: how often each step of each execution began. */
    static Map<String, Integer> startsByStep(Path ledger) throws IOException {
        Map<String, Integer> starts = new HashMap<>();
        for (String line : Files.readAllLines(ledger, StandardCharsets.UTF_8)) {
            JsonNode event;
            try {
                event = Server.JSON.readTree(line);
            } catch (IOException e) {
                continue;
            }
            if (event.path("event").asText().equals("started")) {
                starts.merge(event.path("name").asText(), 1, Integer::sum);
            }
        }
        assertThat(starts).isNotEmpty();
        return starts;
    }
}
