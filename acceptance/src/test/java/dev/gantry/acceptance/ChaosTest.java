package dev.gantry.acceptance;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.CleanupMode;
import org.junit.jupiter.api.io.TempDir;

/**
 * Three servers on one PostgreSQL, each of which is killed, stopped for longer than its lease,
 * asked to stop, and cut off from its database, while clients of all three start, cancel and wait.
 * What is acknowledged ends, and no step that is not idempotent begins twice.
 */
class ChaosTest {
    private static final int NODES = 3;
    private static final Duration LEASE = Duration.ofSeconds(3);
    private static final int WITH_CONTAINER_EVERY = 25;
    private static final int CANCELLED_EVERY = 7;
    private static final Set<String> ENDED = Set.of("completed", "faulted", "cancelled");

    private static final String TWO =
            """
            document: {dsl: 1.0.3, namespace: crash, name: two, version: 1.0.0}
            do:
              - a: {call: "a:1.0.0@default", output: {as: '{n: .n}'}}
              - both:
                  fork:
                    branches:
                      - b: {call: "b:1.0.0@default", output: {as: .n}}
                      - child:
                          run: {workflow: {namespace: crash, name: child, version: 1.0.0, input: {n: "${ .n }"}}}
              - pause: {wait: {milliseconds: 300}}
              - d: {call: "a:1.0.0@default", with: {sum: "${ add }"}}
            """;

    private static final String CHILD =
            """
            document: {dsl: 1.0.3, namespace: crash, name: child, version: 1.0.0}
            do:
              - c: {call: "b:1.0.0@default", output: {as: .n}}
            """;

    private enum Fault {
        KILL,
        PAUSE,
        STOP,
        CUT,
        DELAY,
        TERMINATE;

        boolean ends() {
            return this == KILL || this == STOP;
        }
    }

    @TempDir(cleanup = CleanupMode.ON_SUCCESS)
    Path folder;

    private final long seed = Long.getLong("gantry.seed", System.nanoTime());
    private final long seconds = Long.getLong("gantry.chaos.seconds", 45);
    private final Random random = new Random(seed);
    private final Map<Integer, String> acknowledged = new ConcurrentHashMap<>();
    private final Set<Integer> cancelled = ConcurrentHashMap.newKeySet();
    private final Map<Fault, Integer> faults = new EnumMap<>(Fault.class);
    private final List<Server> servers = new ArrayList<>();
    private final List<Proxy> proxies = new ArrayList<>();
    private CompletableFuture<Void> restart = CompletableFuture.completedFuture(null);
    private int restarting;
    private volatile boolean starting = true;

    @Test
    void losesNothingAndRepeatsNothing() throws Exception {
        System.Logger log = System.getLogger("chaos");
        log.log(System.Logger.Level.INFO, "gantry.seed={0}", Long.toString(seed));
        boolean docker = TestDocker.isThere();
        try (ExternalDatabase database = ExternalDatabase.create()) {
            try {
                startServers(database);
                Thread client = Thread.ofPlatform().start(() -> startAll(docker));
                harm(database);
                starting = false;
                client.join(Duration.ofSeconds(60));
                assertThat(client.isAlive()).as("seed %d: the client", seed).isFalse();
                check(docker);
                log.log(
                        System.Logger.Level.INFO,
                        "{0} executions, {1} of them cancelled; faults {2}",
                        acknowledged.size(),
                        cancelled.size(),
                        faults);
            } finally {
                servers.forEach(Server::close);
                for (Proxy proxy : proxies) {
                    proxy.close();
                }
            }
        }
    }

    private void startServers(ExternalDatabase database) throws Exception {
        Path script =
                Files.writeString(
                        folder.resolve("mock.yaml"),
                        """
                        seed: 7
                        rules:
                          - when: {function: "crash/*"}
                            latency: {from: 1ms, to: 600ms}
                        """);
        for (int i = 0; i < NODES; i++) {
            Proxy proxy = database.proxy();
            proxies.add(proxy);
            servers.add(
                    new Server(
                            Files.createDirectories(folder.resolve("n" + i).resolve("data")),
                            "--database-url=" + database.through(proxy),
                            "--gantry.execution.lease=" + LEASE.toSeconds() + "s",
                            "--gantry.execution.drain=5s",
                            "--gantry.execution.reap-grace=5s",
                            "--gantry.execution.reap-interval=2s",
                            "--gantry.adapters.local-mock.ledger=" + folder.resolve("ledger.jsonl"),
                            "--gantry.adapters.local-mock.script=" + script));
            // The first one makes the tables.
            servers.getLast().awaitReady();
        }
        for (String name : List.of("a", "b")) {
            servers.getFirst().publish(CrashTest.function(name));
        }
        servers.getFirst().publish(CHILD);
        servers.getFirst().publish(TWO);
        servers.getFirst().publish(CrashTest.CONTAINER);
    }

    private void harm(ExternalDatabase database) throws Exception {
        long end = System.nanoTime() + Duration.ofSeconds(seconds).toNanos();
        while (System.nanoTime() < end) {
            Thread.sleep(300 + random.nextInt(1_500));
            Fault fault = Fault.values()[random.nextInt(Fault.values().length)];
            int node = random.nextInt(NODES);
            boolean isBack = restart.isDone();
            if (!isBack && (node == restarting || fault.ends())) {
                // One at a time: somebody has to go on.
                continue;
            }
            faults.merge(fault, 1, Integer::sum);
            if (fault.ends()) {
                restarting = node;
                restart = end(fault, servers.get(node), random.nextInt(5_000));
            } else {
                harm(fault, servers.get(node), proxies.get(node), database);
            }
        }
        restart.get(3, TimeUnit.MINUTES);
    }

    /** A start takes long where the machine is busy: meanwhile the others are harmed. */
    private static CompletableFuture<Void> end(Fault fault, Server server, long pause) {
        CompletableFuture<Void> back = new CompletableFuture<>();
        Thread.ofVirtual()
                .start(() -> {
                    try {
                        if (fault == Fault.STOP) {
                            server.stop();
                        } else {
                            server.kill();
                            Thread.sleep(pause);
                        }
                        server.restart();
                        back.complete(null);
                    } catch (IOException | InterruptedException e) {
                        back.completeExceptionally(e);
                    }
                });
        return back;
    }

    private void harm(Fault fault, Server server, Proxy proxy, ExternalDatabase database)
            throws Exception {
        switch (fault) {
            case PAUSE -> {
                server.signal("STOP");
                Thread.sleep(LEASE.toMillis() + random.nextInt(3_000));
                server.signal("CONT");
            }
            case CUT -> {
                proxy.cut(true);
                Thread.sleep(random.nextInt(6_000));
                proxy.cut(false);
            }
            case DELAY -> {
                proxy.delay(random.nextInt(300));
                Thread.sleep(random.nextInt(4_000));
                proxy.delay(0);
            }
            case TERMINATE -> database.terminateConnections();
            case KILL, STOP -> throw new IllegalArgumentException(fault + " ends the server");
        }
    }

    /** Keeps asking, of one server after the other, until it is told; as a careful client does. */
    private void startAll(boolean docker) {
        for (int n = 1; starting; n++) {
            String workflow = docker && n % WITH_CONTAINER_EVERY == 0 ? "contained" : "two";
            String body =
                    "{\"definition\": {\"namespace\": \"crash\", \"name\": \"%s\"}, \"input\": {\"n\": %d}}"
                            .formatted(workflow, n);
            JsonNode answer = ask(n, "/v1/executions", body, "chaos-" + n);
            if (answer != null) {
                acknowledged.put(n, answer.path("id").asText());
                if (n % CANCELLED_EVERY == 0) {
                    cancelled.add(n);
                    ask(n + 1, "/v1/executions/" + acknowledged.get(n) + ":cancel", "{}", null);
                }
            }
        }
    }

    private @Nullable JsonNode ask(int first, String path, String body, @Nullable String key) {
        for (int i = first; ; i++) {
            Server server = servers.get(i % NODES);
            try {
                List<String> headers = new ArrayList<>(List.of("Content-Type", "application/json"));
                if (key != null) {
                    headers.addAll(List.of("Idempotency-Key", key));
                }
                HttpResponse<String> answer =
                        server.call("POST", path, body, headers.toArray(String[]::new));
                if (answer.statusCode() / 100 == 2) {
                    return Server.JSON.readTree(answer.body());
                }
                if (answer.statusCode() == 409) {
                    // It has ended, or an earlier request did it whose answer was lost.
                    return null;
                }
                if (answer.statusCode() < 500) {
                    throw new IllegalStateException(
                            path + ": " + answer.statusCode() + " " + answer.body());
                }
                Thread.sleep(20);
            } catch (IOException e) {
                // The next one.
            } catch (InterruptedException e) {
                return null;
            }
        }
    }

    private void check(boolean docker) throws Exception {
        Map<String, JsonNode> ended = awaitAll();
        acknowledged.forEach((n, id) -> {
            JsonNode execution = ended.get(id);
            assertThat(execution).as("seed %d: execution %s", seed, id).isNotNull();
            String status = execution.path("status").asText();
            String shown = "seed %d: execution %d: %s".formatted(seed, n, execution);
            if (cancelled.contains(n)) {
                assertThat(status).as(shown).isIn("completed", "cancelled");
            } else {
                assertThat(status).as(shown).isEqualTo("completed");
                boolean contained = docker && n % WITH_CONTAINER_EVERY == 0;
                assertThat(execution.path("output").path("sum").asInt())
                        .as(shown)
                        .isEqualTo(contained ? n : 2 * n);
            }
        });
        assertThat(CrashTest.startsByStep(folder.resolve("ledger.jsonl")))
                .as("seed %d: steps that ran more than once", seed)
                .allSatisfy((step, starts) -> assertThat(starts).isEqualTo(1));
        checkHistories();
        checkNodes();
        if (docker) {
            assertThat(TestDocker.leftovers(new TreeSet<>(acknowledged.values())))
                    .as("seed %d: containers left", seed)
                    .isEmpty();
        }
    }

    private Map<String, JsonNode> awaitAll() throws Exception {
        Map<String, JsonNode> ended = new HashMap<>();
        List<String> open = new ArrayList<>(acknowledged.values());
        long end = System.nanoTime() + Duration.ofMinutes(2).toNanos();
        while (!open.isEmpty() && System.nanoTime() < end) {
            for (String id : List.copyOf(open)) {
                JsonNode execution = servers.get(random.nextInt(NODES)).get("/v1/executions/" + id);
                if (ENDED.contains(execution.path("status").asText())) {
                    ended.put(id, execution);
                    open.remove(id);
                }
            }
            Thread.sleep(100);
        }
        List<JsonNode> stuck = new ArrayList<>();
        for (String id : open.subList(0, Math.min(3, open.size()))) {
            stuck.add(servers.getFirst().get("/v1/executions/" + id));
        }
        assertThat(open).as("seed %d: did not end: %s", seed, stuck).isEmpty();
        return ended;
    }

    /** Of some: each step ends once, and nothing follows the end. */
    private void checkHistories() throws Exception {
        List<String> ids = new ArrayList<>(acknowledged.values());
        for (String id : ids.subList(0, Math.min(60, ids.size()))) {
            Map<String, Integer> endings = new TreeMap<>();
            JsonNode events =
                    servers.get(random.nextInt(NODES))
                            .get("/v1/executions/" + id + "/history?limit=200")
                            .path("items");
            for (JsonNode event : events) {
                if (event.path("type").asText().equals("StepEnded")) {
                    JsonNode data = event.path("data");
                    assertThat(data.has("frame")).as("%s", event).isTrue();
                    endings.merge(data.path("frame") + " " + data.path("attempt"), 1, Integer::sum);
                }
            }
            assertThat(endings)
                    .as("seed %d: endings of attempts in the history of %s", seed, id)
                    .allSatisfy((step, count) -> assertThat(count).isEqualTo(1));
        }
    }

    private void checkNodes() throws Exception {
        List<JsonNode> alive = new ArrayList<>();
        int shards = 0;
        long end = System.nanoTime() + Duration.ofSeconds(60).toNanos();
        while ((alive.size() != NODES || shards != 16) && System.nanoTime() < end) {
            alive.clear();
            shards = 0;
            for (JsonNode node : servers.getFirst().get("/v1/nodes").path("items")) {
                if (node.path("status").asText().equals("alive")) {
                    alive.add(node);
                    shards += node.path("shards").asInt();
                }
            }
            Thread.sleep(200);
        }
        assertThat(alive).as("seed %d", seed).hasSize(NODES);
        assertThat(shards).as("seed %d: %s", seed, alive).isEqualTo(16);
    }
}
