package dev.gantry.orchestrator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import dev.gantry.orchestrator.database.TestPostgres;
import dev.gantry.orchestrator.id.Json;
import dev.gantry.orchestrator.security.Permission;
import dev.gantry.orchestrator.security.TestKeys;
import dev.gantry.orchestrator.tenant.Tenants;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.UUID;
import org.jdbi.v3.core.Jdbi;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.web.server.LocalServerPort;
import org.springframework.test.context.DynamicPropertyRegistry;
import org.springframework.test.context.DynamicPropertySource;

/**
 * Two tenants of a whole server: what one has, the other cannot see, change or find out by any
 * endpoint, whatever the key allows within its tenant.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@SpringBootTest(
        classes = GantryServer.class,
        webEnvironment = SpringBootTest.WebEnvironment.RANDOM_PORT)
class TenantIsolationTest {
    /** In everything that acme has. */
    private static final String MARK = "acmeonly";

    private static final String WORKFLOW =
            """
            document: {dsl: '1.0.3', namespace: acmeonly, name: acmeonly, version: '1.0.0', title: acmeonly}
            do:
              - made: {set: {acmeonly: acmeonly}}
              - listens: {listen: {to: {one: {with: {type: acmeonly}}}}}
            """;

    private static final HttpClient CLIENT = HttpClient.newHttpClient();

    @LocalServerPort private int port;
    @Autowired private Tenants tenants;
    @Autowired private Jdbi jdbi;
    private String acme = "";
    private String beta = "";
    private String execution = "";

    @DynamicPropertySource
    static void settings(DynamicPropertyRegistry registry) {
        TestPostgres.Database database = TestPostgres.empty();
        registry.add("gantry.database.url", database::url);
        registry.add("gantry.database.user", database::user);
        registry.add("gantry.database.password", database::password);
        registry.add("gantry.data-dir", () -> "target/isolation-test");
        registry.add("gantry.dev.enabled", () -> true);
        registry.add("gantry.dev.token", () -> "isolation-test-developer");
    }

    private record Answer(int status, String body) {
        JsonNode json() {
            try {
                return Json.read(body.getBytes(StandardCharsets.UTF_8));
            } catch (IOException e) {
                throw new AssertionError(body, e);
            }
        }
    }

    private Answer call(
            String key, String method, String path, @Nullable String body, String... headers)
            throws IOException, InterruptedException {
        HttpRequest.Builder request =
                HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path))
                        .timeout(Duration.ofMinutes(2))
                        .header("Authorization", "Bearer " + key)
                        .method(
                                method,
                                body == null
                                        ? BodyPublishers.noBody()
                                        : BodyPublishers.ofString(body));
        if (headers.length > 0) {
            request.headers(headers);
        }
        HttpResponse<String> response = CLIENT.send(request.build(), BodyHandlers.ofString());
        return new Answer(response.statusCode(), response.body());
    }

    private Answer get(String key, String path) throws IOException, InterruptedException {
        return call(key, "GET", path, null);
    }

    private Answer publish(String key) throws IOException, InterruptedException {
        return call(key, "POST", "/v1/definitions", WORKFLOW, "Content-Type", "application/yaml");
    }

    private Answer start(String key) throws IOException, InterruptedException {
        return call(
                key,
                "POST",
                "/v1/executions",
                """
                {"definition": {"namespace": "acmeonly", "name": "acmeonly"}, "input": {"acmeonly": 1},
                 "correlationId": "acmeonly"}
                """,
                "Content-Type",
                "application/json",
                "Idempotency-Key",
                "acmeonly-1");
    }

    private Answer send(String key) throws IOException, InterruptedException {
        return call(
                key,
                "POST",
                "/v1/events",
                """
                {"specversion": "1.0", "id": "1", "source": "/acmeonly", "type": "other", "data": "acmeonly"}
                """,
                "Content-Type",
                "application/cloudevents+json");
    }

    @BeforeAll
    void fill() throws IOException, InterruptedException {
        TestKeys keys = new TestKeys(tenants, jdbi);
        Permission[] all =
                EnumSet.complementOf(EnumSet.of(Permission.PLATFORM)).toArray(Permission[]::new);
        acme = keys.issue("acme", all);
        beta = keys.issue("beta", all);
        assertThat(publish(acme).status()).isEqualTo(201);
        assertThat(send(acme).status()).isEqualTo(202);
        Answer started = start(acme);
        assertThat(started.status()).as(started.body()).isBetween(200, 202);
        execution = started.json().path("id").asText();
        await().until(() -> status().equals("waiting"));
        UUID id = UUID.fromString(execution);
        jdbi.useHandle(handle -> {
            handle.execute(
                    "insert into step_log values (?, 1, 1, 'acme', 'user:ann', 1, 1, 0, now(), ?)",
                    id,
                    MARK.getBytes(StandardCharsets.UTF_8));
            handle.execute(
                    "insert into artifact values (?, 1, 1, 'acmeonly', 'acme', 'user:ann', 8, now())",
                    id);
            handle.execute(
                    "insert into artifact_part values (?, 1, 1, 'acmeonly', 0, 'acme', 'user:ann', ?)",
                    id,
                    MARK.getBytes(StandardCharsets.UTF_8));
            handle.execute(
                    "insert into dead_letter values (?, 1, 'acme', 'user:ann', 'acmeonly', 'acmeonly',"
                            + " '1.0.0', '/do/0', 1, 'LOST', 'acmeonly', now())",
                    id);
            handle.execute(
                    """
                    insert into lease (execution_id, step, attempt, shard, tenant_id, initiator, kind,
                        namespace, name, version, adapter, external_name, state, reason, since,
                        changed_at)
                    values (?, 1, 1, 0, 'acme', 'user:ann', 0, 'acmeonly', 'acmeonly', '1.0.0',
                        'acmeonly', 'acmeonly', 4, 'acmeonly', now(), now())
                    """,
                    id);
        });
    }

    private String status() throws IOException, InterruptedException {
        return get(acme, "/v1/executions/" + execution).json().path("status").asText();
    }

    /** An operation of the description, with acme's names and ids in its path. */
    private record Operation(String method, String path) {}

    private List<Operation> operations() throws IOException, InterruptedException {
        Map<String, String> values =
                Map.of(
                        "{id}", execution,
                        "{namespace}", MARK,
                        "{name}", MARK,
                        "{version}", "1.0.0",
                        "{step}", "1",
                        "{path}", MARK,
                        "{kind}", "local-mock");
        List<Operation> operations = new ArrayList<>();
        JsonNode paths = get(beta, "/v3/api-docs").json().path("paths");
        for (var path : paths.properties()) {
            String filled = path.getKey();
            for (var value : values.entrySet()) {
                filled = filled.replace(value.getKey(), value.getValue());
            }
            assertThat(filled)
                    .as("a parameter of a path that this test has no value for")
                    .doesNotContain("{");
            for (var operation : path.getValue().properties()) {
                operations.add(
                        new Operation(
                                operation.getKey().toUpperCase(Locale.ROOT),
                                filled + required(operation.getValue())));
            }
        }
        assertThat(operations).hasSizeGreaterThan(25);
        return operations;
    }

    private static String required(JsonNode operation) {
        StringBuilder query = new StringBuilder();
        for (JsonNode parameter : operation.path("parameters")) {
            if (parameter.path("in").asText().equals("query")
                    && parameter.path("required").asBoolean()) {
                query.append(query.isEmpty() ? '?' : '&')
                        .append(parameter.path("name").asText())
                        .append('=')
                        .append(MARK);
            }
        }
        return query.toString();
    }

    @Test
    void theOwnerSeesItAll() throws IOException, InterruptedException {
        // Else the other tests would show nothing.
        int seen = 0;
        for (Operation operation : operations()) {
            if (operation.method().equals("GET") && !operation.path().endsWith("/events")) {
                seen += get(acme, operation.path()).body().contains(MARK) ? 1 : 0;
            }
        }
        assertThat(seen).isGreaterThanOrEqualTo(15);
    }

    @Test
    void noEndpointShowsWhatAnotherTenantHas() throws IOException, InterruptedException {
        for (Operation operation : operations()) {
            if (!operation.method().equals("GET")) {
                continue;
            }
            Answer answer = get(beta, operation.path());
            assertThat(answer.body().replace(operation.path(), "").contains("\"" + MARK + "\""))
                    .as("%s: %s", operation, answer)
                    .isFalse();
            boolean isOfOne =
                    operation.path().contains(execution) || operation.path().contains(MARK);
            boolean isOfAll = operation.path().equals("/v1/nodes");
            assertThat(answer.status())
                    .as("%s: %s", operation, answer)
                    .isEqualTo(isOfOne ? 404 : isOfAll ? 403 : 200);
        }
        for (String query :
                List.of(
                        "definition=acmeonly/acmeonly",
                        "correlationId=acmeonly",
                        "status=waiting",
                        "initiator=client:test")) {
            assertThat(get(beta, "/v1/executions?" + query).json().path("items")).isEmpty();
        }
        for (String query :
                List.of("adapter=acmeonly", "state=release-failed", "execution=" + execution)) {
            assertThat(get(acme, "/v1/leases?" + query).json().path("items")).hasSize(1);
            assertThat(get(beta, "/v1/leases?" + query).json().path("items")).isEmpty();
        }
    }

    @Test
    void noEndpointChangesWhatAnotherTenantHas() throws IOException, InterruptedException {
        for (Operation operation : operations()) {
            boolean isOfOne =
                    operation.path().contains(execution) || operation.path().contains(MARK);
            if (operation.method().equals("GET") || !isOfOne) {
                continue;
            }
            Answer answer =
                    call(
                            beta,
                            operation.method(),
                            operation.path(),
                            "{\"step\": 1, \"verdict\": \"fail\", \"decision\": \"fail\", \"attempt\": 1}",
                            "Content-Type",
                            "application/json");
            assertThat(answer.status()).as("%s: %s", operation, answer).isBetween(400, 499);
        }
        assertThat(status()).isEqualTo("waiting");
        assertThat(
                        get(acme, "/v1/definitions/acmeonly/acmeonly/1.0.0")
                                .json()
                                .path("enabled")
                                .asBoolean())
                .isTrue();
        assertThat(get(acme, "/v1/definitions/acmeonly/acmeonly/history").json().path("items"))
                .hasSize(1);
    }

    /** Names, keys and ids are each tenant's own: the same ones are not known to the other. */
    @Test
    void namesOfOneTenantSayNothingInAnother() throws IOException, InterruptedException {
        String third = new TestKeys(tenants, jdbi).issue("gamma", Permission.values());

        assertThat(start(third).status()).isEqualTo(404);
        assertThat(publish(third).status()).isEqualTo(201);
        Answer started = start(third);
        assertThat(started.status()).isBetween(200, 202);
        assertThat(started.json().path("id").asText()).isNotEqualTo(execution);
        assertThat(send(third).body()).isEqualTo(sendAnew(acme).body());
        call(
                third,
                "POST",
                "/v1/events",
                """
                {"specversion": "1.0", "id": "2", "source": "/acmeonly", "type": "acmeonly"}
                """,
                "Content-Type",
                "application/cloudevents+json");
        String own = started.json().path("id").asText();
        await().until(() ->
                get(third, "/v1/executions/" + own)
                        .json()
                        .path("status")
                        .asText()
                        .equals("completed"));
        assertThat(status()).isEqualTo("waiting");
    }

    /** One that nobody has sent. */
    private Answer sendAnew(String key) throws IOException, InterruptedException {
        return call(
                key,
                "POST",
                "/v1/events",
                """
                {"specversion": "1.0", "id": "new", "source": "/acmeonly", "type": "other", "data": "acmeonly"}
                """,
                "Content-Type",
                "application/cloudevents+json");
    }

    @Test
    void theInstallationIsShownToThePlatformOnly() throws IOException, InterruptedException {
        String platform = new TestKeys(tenants, jdbi).issue("ops", Permission.PLATFORM);
        for (String path :
                List.of(
                        "/actuator",
                        "/actuator/metrics",
                        "/actuator/info",
                        "/actuator/health/db")) {
            assertThat(get(beta, path).status()).as(path).isEqualTo(403);
            assertThat(get(platform, path).status()).as(path).isEqualTo(200);
        }
        assertThat(get(beta, "/actuator/health").body()).doesNotContain("local-mock");
        assertThat(get(platform, "/actuator/health").body()).contains("local-mock");
        String reader =
                new TestKeys(tenants, jdbi).issue("ops", Permission.PLATFORM, Permission.READ);
        assertThat(get(reader, "/v1/leases?adapter=acmeonly").json().path("items"))
                .as("what is held on a backend is the installation's")
                .hasSize(1);
        assertThat(get(platform, "/v1/leases").status()).isEqualTo(403);
        // It is a permission of its own: it opens no tenant's data, not even that of its own.
        assertThat(get(platform, "/v1/executions").status()).isEqualTo(403);
    }
}
