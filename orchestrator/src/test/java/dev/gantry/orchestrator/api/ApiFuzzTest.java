package dev.gantry.orchestrator.api;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.gantry.orchestrator.GantryServer;
import dev.gantry.orchestrator.api.FuzzedApi.Operation;
import dev.gantry.orchestrator.api.FuzzedApi.Parameter;
import dev.gantry.orchestrator.database.TestPostgres;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.web.server.LocalServerPort;
import org.springframework.test.annotation.DirtiesContext;
import org.springframework.test.context.DynamicPropertyRegistry;
import org.springframework.test.context.DynamicPropertySource;

/**
 * Sends the whole server requests that are made from its OpenAPI document, right and wrong ones
 * alike. None may fail or hang, and each refusal has to be one that the document lists for the
 * operation. {@code -Dgantry.fuzz.requests} says how many, {@code -Dgantry.fuzz.seed} which ones.
 */
@DirtiesContext
@SpringBootTest(
        classes = GantryServer.class,
        properties = {
            "gantry.adapters.docker.enabled=false",
            "gantry.dev.enabled=true",
            "gantry.dev.token=" + ApiFuzzTest.KEY,
            "gantry.data-dir=target/fuzz-test",
            "gantry.api.max-wait=1s",
            // Slow machines are not what is looked for.
            "gantry.database.patience=60s"
        },
        webEnvironment = SpringBootTest.WebEnvironment.RANDOM_PORT)
class ApiFuzzTest {
    static final String KEY = "key-of-the-fuzz-test";

    private static final Logger LOG = LoggerFactory.getLogger(ApiFuzzTest.class);
    private static final int REQUESTS = Integer.getInteger("gantry.fuzz.requests", 5_000);
    private static final long SEED = Long.getLong("gantry.fuzz.seed", 20261130);
    private static final int CLIENTS = 4;
    private static final int MOST_SHOWN = 20;
    private static final Duration LONGEST = Duration.ofSeconds(60);
    private static final TestPostgres.Database DATABASE = TestPostgres.empty();
    private static final Pattern INSIDE =
            Pattern.compile(
                    "\\b(com|org|java|tools|jakarta|dev)\\.[a-z]+\\.|Exception|[jJ]ackson|[jJ]dbi");

    private static final List<String> DOCUMENTS =
            List.of(
                    """
                    function: echo
                    namespace: fuzz
                    version: 1.0.0
                    tags: {owner: fuzz, domain: fuzz, sensitivity: internal, lifecycle: experimental}
                    runtime: {class: faas, local-mock: {result: {ok: true}, logs: [{text: "hello"}]}}
                    """,
                    """
                    document: {dsl: '1.0.3', namespace: fuzz, name: quick, version: '1.0.0'}
                    input: {schema: {document: {type: object, properties: {n: {type: number}}}}}
                    do: [{a: {set: {n: "${ .n }"}}}]
                    """,
                    """
                    document: {dsl: '1.0.3', namespace: fuzz, name: waits, version: '1.0.0'}
                    do: [{a: {wait: {hours: 1}}}]
                    """,
                    """
                    document: {dsl: '1.0.3', namespace: fuzz, name: faults, version: '1.0.0'}
                    do: [{a: {raise: {error: {type: 'https://x.test/y', status: 400, title: no}}}}]
                    """,
                    """
                    document: {dsl: '1.0.3', namespace: fuzz, name: calls, version: '1.0.0'}
                    do: [{a: {call: 'fuzz/echo:1.0.0@default', with: {x: 1}}}]
                    """);
    private static final List<String> STARTS =
            List.of(
                    start("quick", "{\"n\": 1}"),
                    start("quick", "{\"n\": \"x\"}"),
                    start("waits", "{}"),
                    start("faults", "{}"),
                    start("calls", "{}"),
                    start("missing", "{}"));
    private static final List<String> EVENTS =
            List.of(
                    """
                    {"specversion": "1.0", "id": "1", "source": "/fuzz", "type": "t", "data": {"n": 1}}\
                    """,
                    """
                    [{"specversion": "1.0", "id": "2", "source": "/fuzz", "type": "t"}]\
                    """,
                    """
                    {"specversion": "1.0", "id": "a\\u0000", "source": "/fuzz", "type": "t"}\
                    """);
    private static final List<String> EVENT_TYPES =
            List.of(
                    "application/cloudevents+json",
                    "application/cloudevents-batch+json",
                    "application/json");

    @LocalServerPort int port;
    private final Map<String, List<String>> likely = new HashMap<>();
    private final Queue<String> failures = new ConcurrentLinkedQueue<>();

    @DynamicPropertySource
    static void database(DynamicPropertyRegistry registry) {
        registry.add("gantry.database.url", DATABASE::url);
        registry.add("gantry.database.user", DATABASE::user);
        registry.add("gantry.database.password", DATABASE::password);
    }

    @Test
    void answersEveryRequestAsItsDescriptionSays() throws Exception {
        LOG.info("{} requests from the seed {}", REQUESTS, SEED);
        prepare();
        FuzzedApi api =
                FuzzedApi.of(ApiTest.send(HttpRequest.newBuilder(uri("/v3/api-docs"))).json());
        assertThat(api.operations()).hasSizeGreaterThan(20);
        List<Future<?>> clients = new ArrayList<>();
        try (ExecutorService executor = Executors.newFixedThreadPool(CLIENTS)) {
            for (int client = 0; client < CLIENTS; client++) {
                int first = client;
                clients.add(
                        executor.submit(() -> {
                            for (int i = first; i < REQUESTS; i += CLIENTS) {
                                send(api, i);
                            }
                            return null;
                        }));
            }
        }
        for (Future<?> client : clients) {
            client.get();
        }
        assertThat(failures)
                .as("-Dgantry.fuzz.seed=%d, at most %d shown", SEED, MOST_SHOWN)
                .isEmpty();
    }

    private void prepare() {
        List<String> ids = new ArrayList<>();
        for (String document : DOCUMENTS) {
            ApiTest.Answer published =
                    ApiTest.send(post("/v1/definitions", document, "application/yaml"));
            assertThat(published.status()).as(published.body()).isIn(200, 201);
        }
        for (String start : STARTS) {
            JsonNode id =
                    ApiTest.send(
                                    post("/v1/executions", start, "application/json")
                                            .header("Prefer", "wait=5"))
                            .json()
                            .path("id");
            if (id.isTextual()) {
                ids.add(id.asText());
            }
        }
        assertThat(ids).hasSize(4);
        likely.put("id", ids);
        likely.put("namespace", List.of("fuzz"));
        likely.put("name", List.of("quick", "waits", "calls", "echo"));
        likely.put("version", List.of("1.0.0", "latest"));
        likely.put("kind", List.of("workflow", "function", "local-mock"));
        likely.put("step", List.of("1", "2"));
        likely.put("limit", List.of("1", "10", "200"));
        likely.put("definition", List.of("fuzz/quick", "fuzz/quick:1.0.0"));
        likely.put("Prefer", List.of("wait=0", "wait=1", "respond-async"));
        likely.put("Idempotency-Key", List.of("k1", "k2"));
    }

    /** The same for the same number and seed, but for the ids of executions. */
    private void send(FuzzedApi api, int number) throws InterruptedException {
        Operation operation = api.operations().get(number % api.operations().size());
        FuzzedValues values = new FuzzedValues(new Random(SEED + 31L * number), api);
        String path = operation.path();
        List<String> query = new ArrayList<>();
        HttpRequest.Builder request = HttpRequest.newBuilder().timeout(LONGEST);
        List<String> said = new ArrayList<>();
        for (Parameter parameter : operation.parameters()) {
            List<String> good = likely.getOrDefault(parameter.name(), List.of());
            switch (parameter.in()) {
                case "path" -> {
                    String text = values.text(good);
                    path = path.replace("{" + parameter.name() + "}", text.isEmpty() ? "-" : text);
                }
                case "query" -> {
                    while (values.chance(0.35)) {
                        query.add(parameter.name() + "=" + values.text(good));
                    }
                }
                default -> {
                    if (values.chance(0.4)) {
                        header(request, said, parameter.name(), values.header(good));
                    }
                }
            }
        }
        if (values.chance(0.05)) {
            query.add(values.text(List.of("stauts")) + "=" + values.text(List.of()));
        }
        header(
                request,
                said,
                "Authorization",
                "Bearer " + (values.chance(0.95) ? KEY : "unknown-key"));
        if (values.chance(0.5)) {
            header(request, said, "Accept", values.mediaType(List.of()));
        }
        byte[] body = body(operation, values, request, said);
        String target = path + (query.isEmpty() ? "" : "?" + String.join("&", query));
        request.uri(uri(target));
        check(
                operation,
                request.build(),
                "#%d %s %s %s".formatted(number, operation.method(), target, said)
                        + (body.length == 0 ? "" : " " + shown(body)));
    }

    private byte[] body(
            Operation operation,
            FuzzedValues values,
            HttpRequest.Builder request,
            List<String> said) {
        if (operation.bodyTypes().isEmpty() && values.chance(0.9)) {
            request.method(operation.method(), BodyPublishers.noBody());
            return new byte[0];
        }
        boolean events = operation.path().endsWith("events");
        List<String> good =
                switch (operation.path()) {
                    case "/v1/executions" -> STARTS;
                    case "/v1/events" -> EVENTS;
                    case "/v1/definitions", "/v1/definitions:validate" -> DOCUMENTS;
                    default -> List.of();
                };
        List<String> types = events ? EVENT_TYPES : operation.bodyTypes();
        if (values.chance(0.95)) {
            header(request, said, "Content-Type", values.mediaType(types));
        }
        byte[] body = values.body(operation.bodySchema(), good);
        request.method(operation.method(), BodyPublishers.ofByteArray(body));
        return body;
    }

    private static void header(
            HttpRequest.Builder request, List<String> said, String name, String value) {
        request.header(name, value);
        said.add(name + ": " + value);
    }

    private void check(Operation operation, HttpRequest request, String what)
            throws InterruptedException {
        String wrong;
        try {
            HttpResponse<InputStream> answer =
                    ApiTest.client().send(request, BodyHandlers.ofInputStream());
            try (InputStream body = answer.body()) {
                wrong = wrong(operation, answer, body);
            }
        } catch (IOException e) {
            wrong = "no answer: " + e;
        }
        if (wrong != null && failures.size() < MOST_SHOWN) {
            failures.add(what + "\n  -> " + wrong);
        }
    }

    /** What is wrong with an answer; null for nothing. */
    private static @Nullable String wrong(
            Operation operation, HttpResponse<InputStream> answer, InputStream body)
            throws IOException {
        int status = answer.statusCode();
        Set<String> codes = operation.answers().get(status);
        String type = answer.headers().firstValue("Content-Type").orElse("");
        if (status < 400) {
            // What streams is not read: it may go on for as long as its execution does.
            return codes != null ? null : "status %d is not listed".formatted(status);
        }
        String text = new String(body.readAllBytes(), StandardCharsets.UTF_8);
        String said = "%d %s %s".formatted(status, type, text);
        if (!type.equals("application/problem+json")) {
            return "no problem: " + said;
        }
        JsonNode problem = ApiTest.JSON.readTree(text);
        String code = problem.path("code").asText();
        if (codes == null || !codes.contains(code) || problem.path("status").asInt() != status) {
            return "not listed: " + said;
        }
        // Adapters that are not there are the only thing that this server lacks.
        if (status >= 500 && !code.equals("ADAPTER_DISCONNECTED")) {
            return "failed: " + said;
        }
        return INSIDE.matcher(problem.path("detail").asText()).find()
                        || problem.path("detail").asText().isBlank()
                ? "says nothing to its reader: " + said
                : null;
    }

    private static String shown(byte[] body) {
        String text =
                new String(body, StandardCharsets.ISO_8859_1).replaceAll("[^\\x20-\\x7e]", "·");
        return text.length() > 300 ? text.substring(0, 300) + "…" : text;
    }

    private static String start(String name, String input) {
        return """
        {"definition": {"namespace": "fuzz", "name": "%s"}, "input": %s}\
        """
                .formatted(name, input);
    }

    private HttpRequest.Builder post(String path, String body, String type) {
        return ApiTest.as(KEY, HttpRequest.newBuilder(uri(path)))
                .timeout(LONGEST)
                .header("Content-Type", type)
                .POST(BodyPublishers.ofString(body));
    }

    private URI uri(String target) {
        return URI.create("http://127.0.0.1:" + port + target);
    }
}
