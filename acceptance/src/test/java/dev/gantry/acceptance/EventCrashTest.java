package dev.gantry.acceptance;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.CleanupMode;
import org.junit.jupiter.api.io.TempDir;

/**
 * Events come before, while and after executions begin to listen, and the server is killed in
 * between: every execution hears its own event once, and every event starts its workflow once.
 */
class EventCrashTest {
    private static final int ORDERS = 120;

    /** Listens for the payment of its order, then says so. */
    private static final String ORDER =
            """
            document: {dsl: 1.0.3, namespace: events, name: order, version: 1.0.0}
            do:
              - paid:
                  listen:
                    to:
                      one:
                        with: {type: order.paid}
                        correlate: {order: {from: .data.order, expect: "${ .order }"}}
                  output: {as: ".[0]"}
              - tell:
                  emit: {event: {with: {type: order.done, data: "${ . }"}}}
                  output: {as: .data}
            """;

    /** Started by what the first one says. */
    private static final String SHIP =
            """
            document: {dsl: 1.0.3, namespace: events, name: ship, version: 1.0.0}
            schedule: {on: {one: {with: {type: order.done}}}}
            do:
              - ship: {set: {order: "${ .[0].data.order }", amount: "${ .[0].data.amount }"}}
            """;

    @TempDir(cleanup = CleanupMode.ON_SUCCESS)
    Path folder;

    @Test
    void losesNoEventAndTakesNoneTwice() throws Exception {
        long seed = Long.getLong("gantry.seed", System.nanoTime());
        System.getLogger("events")
                .log(System.Logger.Level.INFO, "gantry.seed={0}", Long.toString(seed));
        Random random = new Random(seed);
        try (Server server = new Server(Files.createDirectories(folder.resolve("data")))) {
            server.awaitReady();
            server.publish(ORDER);
            server.publish(SHIP);
            List<String> ids = new ArrayList<>();
            for (int n = 0; n < ORDERS; n++) {
                // Some events come before their order, most after, some twice.
                boolean early = random.nextInt(4) == 0;
                if (early) {
                    pay(server, n);
                }
                ids.add(start(server, n));
                if (!early || random.nextInt(5) == 0) {
                    pay(server, n);
                }
                if (n == ORDERS / 3 || n == ORDERS * 2 / 3) {
                    server.kill();
                    server.restart();
                }
            }
            for (int n = 0; n < ORDERS; n++) {
                JsonNode order = await(server, ids.get(n));
                assertThat(order.path("status").asText())
                        .as("seed %d: %s", seed, order)
                        .isEqualTo("completed");
                assertThat(order.path("output").path("order").asInt()).isEqualTo(n);
            }
            assertThat(shipped(server)).as("seed %d", seed).hasSize(ORDERS).doesNotHaveDuplicates();
        }
    }

    private static void pay(Server server, int order) throws IOException, InterruptedException {
        HttpResponse<String> answer =
                server.call(
                        "POST",
                        "/v1/events",
                        "{\"order\": %d, \"amount\": 10}".formatted(order),
                        "Content-Type",
                        "application/json",
                        "ce-specversion",
                        "1.0",
                        "ce-source",
                        "/bank",
                        "ce-id",
                        "payment-" + order,
                        "ce-type",
                        "order.paid");
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(202);
    }

    private static String start(Server server, int order) throws IOException, InterruptedException {
        HttpResponse<String> answer =
                server.call(
                        "POST",
                        "/v1/executions",
                        "{\"definition\": {\"namespace\": \"events\", \"name\": \"order\"}, \"input\": {\"order\": %d}}"
                                .formatted(order),
                        "Content-Type",
                        "application/json");
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(201);
        return Server.JSON.readTree(answer.body()).path("id").asText();
    }

    private static JsonNode await(Server server, String id)
            throws IOException, InterruptedException {
        long end = System.nanoTime() + Duration.ofSeconds(30).toNanos();
        JsonNode execution = server.get("/v1/executions/" + id);
        while (execution.path("status").asText().matches("pending|running|waiting")
                && System.nanoTime() < end) {
            Thread.sleep(50);
            execution = server.get("/v1/executions/" + id);
        }
        return execution;
    }

    /** The orders that were shipped, once there are enough and no more come. */
    private static List<Integer> shipped(Server server) throws IOException, InterruptedException {
        List<Integer> orders = new ArrayList<>();
        int before = -1;
        while (orders.size() != before || orders.size() < ORDERS) {
            if (orders.size() == before) {
                return orders;
            }
            before = orders.size();
            Thread.sleep(1_500);
            orders.clear();
            JsonNode page =
                    server.get("/v1/executions?definition=events/ship&status=completed&limit=200");
            for (JsonNode item : page.path("items")) {
                JsonNode execution = server.get("/v1/executions/" + item.path("id").asText());
                orders.add(execution.path("output").path("order").asInt());
            }
        }
        return orders;
    }
}
