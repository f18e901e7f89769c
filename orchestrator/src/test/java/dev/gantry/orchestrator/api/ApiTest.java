package dev.gantry.orchestrator.api;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.gantry.orchestrator.database.TestPostgres;
import dev.gantry.orchestrator.security.TestKeys;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublisher;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.micrometer.tracing.test.autoconfigure.AutoConfigureTracing;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.web.server.LocalServerPort;
import org.springframework.test.context.DynamicPropertyRegistry;
import org.springframework.test.context.DynamicPropertySource;

/**
 * A test that talks HTTP to the real filters, controllers and key tables, with made-up executions
 * behind them. All of these tests share one context.
 */
@AutoConfigureTracing
@SpringBootTest(
        classes = ApiSlice.class,
        properties = ApiSlice.ASKED + "=true",
        webEnvironment = SpringBootTest.WebEnvironment.RANDOM_PORT)
abstract class ApiTest {
    static final String DEV_KEY = "test-key-of-development";
    static final ObjectMapper JSON = new ObjectMapper();
    private static final HttpClient CLIENT = HttpClient.newHttpClient();

    @LocalServerPort int port;
    @Autowired FakeExecutions executions;
    @Autowired TestKeys keys;

    @DynamicPropertySource
    static void settings(DynamicPropertyRegistry registry) {
        TestPostgres.Database database = TestPostgres.empty();
        registry.add("gantry.database.url", database::url);
        registry.add("gantry.database.user", database::user);
        registry.add("gantry.database.password", database::password);
        registry.add("gantry.data-dir", () -> "target/api-test");
        registry.add("gantry.dev.enabled", () -> true);
        registry.add("gantry.dev.token", () -> DEV_KEY);
        registry.add("gantry.api.heartbeat", () -> "200ms");
        registry.add("gantry.api.max-streams", () -> 8);
        registry.add("gantry.api.max-wait", () -> "5s");
    }

    record Answer(HttpResponse<String> response) {
        int status() {
            return response.statusCode();
        }

        String body() {
            return response.body();
        }

        JsonNode json() {
            try {
                return JSON.readTree(response.body());
            } catch (IOException e) {
                throw new UncheckedIOException(response.body(), e);
            }
        }

        String code() {
            return json().path("code").asText();
        }

        String detail() {
            return json().path("detail").asText();
        }

        String header(String name) {
            return response.headers().firstValue(name).orElse("");
        }
    }

    HttpRequest.Builder request(String path) {
        return HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path))
                .timeout(Duration.ofSeconds(20));
    }

    static Answer send(HttpRequest.Builder request) {
        try {
            return new Answer(CLIENT.send(request.build(), BodyHandlers.ofString()));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    static HttpClient client() {
        return CLIENT;
    }

    static HttpRequest.Builder as(String key, HttpRequest.Builder request) {
        return request.header("Authorization", "Bearer " + key);
    }

    Answer get(String path) {
        return send(as(DEV_KEY, request(path)));
    }

    Answer post(String path, @Nullable String json, String... headers) {
        BodyPublisher body = json == null ? BodyPublishers.noBody() : BodyPublishers.ofString(json);
        HttpRequest.Builder request = as(DEV_KEY, request(path)).POST(body);
        if (json != null) {
            request.header("Content-Type", "application/json");
        }
        if (headers.length > 0) {
            request.headers(headers);
        }
        return send(request);
    }

    static BodyPublisher json(String text) {
        return BodyPublishers.ofString(text);
    }

    /** Starts an execution that runs until the test ends it. */
    String slow() {
        return post("/v1/executions", start("slow", "{}")).json().get("id").asText();
    }

    static String start(String name, String input) {
        return """
        {"definition": {"namespace": "billing", "name": "%s"}, "input": %s}\
        """
                .formatted(name, input);
    }
}
