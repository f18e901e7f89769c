package dev.gantry.orchestrator.api;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gantry.orchestrator.GantryServer;
import dev.gantry.orchestrator.api.ApiTest.Answer;
import dev.gantry.orchestrator.database.Gate;
import dev.gantry.orchestrator.database.TestPostgres;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.web.server.LocalServerPort;
import org.springframework.test.annotation.DirtiesContext;
import org.springframework.test.context.DynamicPropertyRegistry;
import org.springframework.test.context.DynamicPropertySource;

/** The whole server with its database behind a gate. */
@DirtiesContext
@SpringBootTest(
        classes = GantryServer.class,
        properties = {
            "gantry.adapters.docker.enabled=false",
            "gantry.dev.enabled=true",
            "gantry.dev.token=" + OutageTest.KEY,
            "gantry.data-dir=target/outage-test"
        },
        webEnvironment = SpringBootTest.WebEnvironment.RANDOM_PORT)
class OutageTest {
    static final String KEY = "key-of-the-outage-test";
    private static final TestPostgres.Database DATABASE = TestPostgres.empty();
    private static final Gate GATE = new Gate(DATABASE);

    private static final String WORKFLOW =
            """
            document: {dsl: '1.0.3', namespace: outage, name: quick, version: '1.0.0'}
            do:
              - note: {set: {done: true}}
            """;
    private static final String START =
            """
            {"definition": {"namespace": "outage", "name": "quick"}}\
            """;
    private static final String EVENT =
            """
            {"specversion": "1.0", "id": "1", "source": "/test", "type": "t"}\
            """;

    @LocalServerPort int port;

    @DynamicPropertySource
    static void database(DynamicPropertyRegistry registry) {
        registry.add("gantry.database.url", () -> GATE.url(DATABASE));
        registry.add("gantry.database.user", DATABASE::user);
        registry.add("gantry.database.password", DATABASE::password);
    }

    @AfterEach
    void open() {
        GATE.open();
    }

    @Test
    void refusesEverythingAtOnceWhileTheDatabaseIsAway() {
        String id = prepared();

        GATE.shut();

        awaitStatus("/actuator/health/readiness", 503);
        refusesEverything(id);
        staysAlive();
        GATE.open();
        comesBack();
    }

    @Test
    void refusesEverythingAtOnceWhileTheDatabaseIsSilent() {
        String id = prepared();

        GATE.silence();

        // Who is in a query when it falls silent is refused too, once that is noticed.
        Answer within = send(get("/v1/executions"));
        assertThat(within.status()).isEqualTo(503);
        awaitStatus("/actuator/health/readiness", 503);
        refusesEverything(id);
        staysAlive();
        GATE.open();
        comesBack();
    }

    private String prepared() {
        assertThat(send(post("/v1/definitions", WORKFLOW, "application/yaml")).status())
                .isIn(200, 201);
        Answer started = send(post("/v1/executions", START, "application/json"));
        assertThat(started.status()).as(started.body()).isEqualTo(201);
        return started.json().get("id").asText();
    }

    private void refusesEverything(String id) {
        List<HttpRequest.Builder> requests = new ArrayList<>();
        for (String path :
                new String[] {
                    "/v1/executions?limit=1",
                    "/v1/executions",
                    "/v1/executions/" + id,
                    "/v1/executions/" + id + "/history",
                    "/v1/executions/" + id + "/lifecycle",
                    "/v1/executions/" + id + "/steps",
                    "/v1/executions/" + id + "/graph",
                    "/v1/executions/" + id + "/events",
                    "/v1/executions/" + id + "/steps/1/logs",
                    "/v1/executions/" + id + "/steps/1/artifacts",
                    "/v1/executions/" + id + "/steps/1/artifacts/content?path=a",
                    "/v1/dead-letters",
                    "/v1/leases",
                    "/v1/definitions",
                    "/v1/definitions/outage/quick",
                    "/v1/definitions/outage/quick/latest",
                    "/v1/definitions/outage/quick/1.0.0/explain",
                    "/v1/definitions/outage/quick/1.0.0/graph"
                }) {
            requests.add(get(path));
        }
        // A key that was not seen lately cannot be checked.
        requests.add(request("/v1/adapters").header("Authorization", "Bearer never-seen-before"));
        requests.add(
                request("/actuator/prometheus")
                        .header("Authorization", "Bearer never-seen-before"));
        for (String verb : new String[] {"cancel", "suspend", "resume", "retry"}) {
            requests.add(post("/v1/executions/" + id + ":" + verb, null, "application/json"));
        }
        requests.add(post("/v1/executions", START, "application/json"));
        requests.add(
                post("/v1/executions", START, "application/json").header("Idempotency-Key", "k"));
        requests.add(post("/v1/executions", START, "application/json").header("Prefer", "wait=5"));
        requests.add(post("/v1/events", EVENT, "application/cloudevents+json"));
        requests.add(
                post("/v1/definitions", WORKFLOW.replace("1.0.0", "1.0.1"), "application/yaml"));
        requests.add(post("/v1/definitions/outage/quick/1.0.0:disable", null, "application/json"));
        for (HttpRequest.Builder request : requests) {
            Answer answer = send(request);
            String what = request.build() + " " + answer.body();
            assertThat(answer.status()).as(what).isEqualTo(503);
            assertThat(answer.code()).as(what).isEqualTo("UNAVAILABLE");
            assertThat(answer.header("Retry-After")).as(what).isEqualTo("1");
            assertThat(answer.detail()).as(what).doesNotContain("Exception");
        }
    }

    private void staysAlive() {
        for (HttpRequest.Builder request :
                List.of(
                        request("/actuator/health/liveness"),
                        get("/actuator/health/liveness"),
                        request("/actuator/health/liveness")
                                .header("Authorization", "Bearer never-seen-before"))) {
            Answer alive = send(request);
            assertThat(alive.status()).isEqualTo(200);
            assertThat(alive.body()).contains("UP");
        }
        for (String path : new String[] {"/actuator/health", "/actuator/health/readiness"}) {
            Answer health = send(request(path));
            assertThat(health.status()).isEqualTo(503);
            assertThat(health.json().at("/components/db/status").asText()).isEqualTo("DOWN");
        }
        assertThat(
                        send(request("/actuator/health/readiness"))
                                .json()
                                .at("/components/db/details/reason")
                                .asText())
                .isNotEmpty();
    }

    private void comesBack() {
        awaitStatus("/actuator/health/readiness", 200);
        Answer ran = send(post("/v1/executions", START, "application/json"));
        for (int i = 0; i < 60 && ran.status() == 503; i++) {
            pause();
            ran = send(post("/v1/executions", START, "application/json"));
        }
        assertThat(ran.status()).as(ran.body()).isEqualTo(201);
    }

    private void awaitStatus(String path, int status) {
        for (int i = 0; i < 60 && send(request(path)).status() != status; i++) {
            pause();
        }
        assertThat(send(request(path)).status()).isEqualTo(status);
    }

    private static void pause() {
        try {
            Thread.sleep(500);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    /**
     * What waits until somebody gives up is no refusal; the limit is below every time-out there.
     */
    private HttpRequest.Builder request(String path) {
        return HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path))
                .timeout(Duration.ofSeconds(10));
    }

    private HttpRequest.Builder get(String path) {
        return ApiTest.as(KEY, request(path));
    }

    private HttpRequest.Builder post(String path, @Nullable String body, String type) {
        return ApiTest.as(KEY, request(path))
                .header("Content-Type", type)
                .POST(body == null ? BodyPublishers.noBody() : BodyPublishers.ofString(body));
    }

    private static Answer send(HttpRequest.Builder request) {
        return ApiTest.send(request);
    }
}
