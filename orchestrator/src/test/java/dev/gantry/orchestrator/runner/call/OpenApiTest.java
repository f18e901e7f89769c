package dev.gantry.orchestrator.runner.call;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gantry.orchestrator.runner.SampleAttempts;
import dev.gantry.spi.Failure;
import dev.gantry.spi.Limits;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Operations of OpenAPI documents, and endpoints that ask who calls. */
class OpenApiTest {
    private static final Map<String, String> JSON_TYPE = Map.of("Content-Type", "application/json");

    private static final String OPENAPI =
            """
            openapi: 3.1.0
            servers: [{url: "/{stage}/shop", variables: {stage: {default: v1}}}]
            paths:
              /orders/{id}:
                parameters: [{$ref: "#/components/parameters/id"}]
                put:
                  operationId: change
                  parameters:
                    - {name: dry, in: query}
                    - {name: X-Reason, in: header, required: true}
                    - {name: session, in: cookie}
                  requestBody: {content: {application/json: {}}}
            components: {parameters: {id: {name: id, in: path, required: true}}}
            """;

    private final HttpBench bench = HttpBench.openToThisMachine();
    private LocalServer server;

    @BeforeEach
    void startServer() throws IOException {
        server = new LocalServer();
    }

    @AfterEach
    void stop() {
        bench.close();
        server.close();
    }

    private LocalServer.Request asked() {
        return server.requests.getLast();
    }

    private String call(String document, String operation, String parameters) {
        return """
        {"openapi": {"document": "%s", "operationId": "%s", "parameters": %s}}
        """
                .formatted(server.uri(document), operation, parameters);
    }

    private String change(String parameters) {
        server.answer("/api.yaml", 200, Map.of("Content-Type", "application/yaml"), OPENAPI);
        server.answer("/v1/shop", 200, JSON_TYPE, "{\"done\": true}");
        return call("/api.yaml", "change", parameters);
    }

    @Test
    void fetchesADocumentForEachTenant() {
        String request = change("{\"id\": 1, \"X-Reason\": \"x\"}");
        for (String tenant : List.of("acme", "acme", "beta", "beta")) {
            bench.call(SampleAttempts.of(tenant, request, Limits.defaults(), null));
        }

        assertThat(server.requests)
                .filteredOn(asked -> asked.uri().equals("/api.yaml"))
                .as("what one tenant knows of an address is not shown to another")
                .hasSize(2);
    }

    @Test
    void putsParametersWhereTheDocumentWantsThem() {
        String request =
                change(
                        """
                        {"id": "a/b", "dry": true, "X-Reason": "why not", "session": "s 1", "total": 1.50}
                        """);

        assertThat(bench.text(request)).isEqualTo("{\"done\":true}");
        assertThat(asked().method()).isEqualTo("PUT");
        assertThat(asked().uri()).isEqualTo("/v1/shop/orders/a%2Fb?dry=true");
        assertThat(asked().header("X-Reason")).isEqualTo("why not");
        assertThat(asked().header("Cookie")).isEqualTo("session=s%201");
        assertThat(asked().body()).isEqualTo("{\"total\":1.50}");

        bench.text(request);
        assertThat(server.requests)
                .filteredOn(asked -> asked.uri().equals("/api.yaml"))
                .as("the document is fetched once")
                .hasSize(1);
    }

    @Test
    void readsSwagger() {
        server.answer(
                "/swagger.json",
                200,
                JSON_TYPE,
                """
                {"swagger": "2.0", "host": "127.0.0.1:%d", "basePath": "/v2", "schemes": ["https", "http"],
                 "paths": {"/pet/findByStatus": {"get": {"operationId": "find", "parameters": [
                   {"name": "status", "in": "query", "required": true, "type": "array"}]}}}}
                """
                        .formatted(server.port()));
        server.answer("/v2", 200, JSON_TYPE, "[]");

        bench.text(call("/swagger.json", "find", "{\"status\": \"available\"}"));
        assertThat(asked().uri()).isEqualTo("/v2/pet/findByStatus?status=available");
        bench.text(call("/swagger.json", "find", "{\"status\": [\"a\", \"b\"]}"));
        assertThat(asked().uri()).isEqualTo("/v2/pet/findByStatus?status=a,b");
    }

    @Test
    void saysWhatDoesNotFitTheDocument() {
        assertThat(failure(change("{\"id\": 1}"))).contains("needs the parameter 'X-Reason'");
        assertThat(failure(call("/api.yaml", "remove", "{}")))
                .contains("no operation 'remove'")
                .contains("[change]");
        server.answer("/none.json", 200, JSON_TYPE, "{\"a\": 1}");
        assertThat(failure(call("/none.json", "x", "{}"))).contains("no OpenAPI document");
        server.answer("/gone.json", 404, Map.of(), "");
        assertThat(bench.failure(call("/gone.json", "x", "{}")).code()).isEqualTo("HTTP_404");
    }

    private String failure(String request) {
        Failure failure = bench.failure(request);
        assertThat(failure.code()).isEqualTo(Failure.Code.INVALID_WORKLOAD);
        assertThat(failure.progress()).isEqualTo(Failure.Progress.NEVER_STARTED);
        return failure.message();
    }

    private String authenticated(String authentication) {
        server.answer("/me", 200, JSON_TYPE, "{}");
        return """
        {"method": "get", "endpoint": "%s", "output": "response", "authentication": %s}
        """
                .formatted(server.uri("/me"), authentication);
    }

    @Test
    void provesWhoCallsAndDoesNotTell() {
        String basic =
                authenticated(
                        "{\"scheme\": \"basic\", \"username\": \"ann\", \"password\": \"pässword\"}");
        String output = bench.text(basic);
        String expected =
                Base64.getEncoder().encodeToString("ann:pässword".getBytes(StandardCharsets.UTF_8));
        assertThat(asked().header("Authorization")).isEqualTo("Basic " + expected);
        assertThat(output).doesNotContain(expected).doesNotContain("Authorization");
    }

    @Test
    void carriesATokenAndRefusesWhatNoHeaderCanHave() {
        bench.text(authenticated("{\"scheme\": \"bearer\", \"token\": \"t-1\"}"));
        assertThat(asked().header("Authorization")).isEqualTo("Bearer t-1");
        assertThat(
                        failure(
                                """
                                {"method": "get", "endpoint": "%s", "authentication": {"scheme": "bearer", "token": "a\\nb"}}
                                """
                                        .formatted(server.uri("/me"))))
                .contains("no header can have")
                .doesNotContain("a\nb");
    }

    @Test
    void refusesADocumentThatGrowsWhenItIsRead() {
        StringBuilder bomb = new StringBuilder("openapi: 3.0.0\na0: &a0 [x]\n");
        for (int i = 1; i <= 25; i++) {
            bomb.append("a%d: &a%d [*a%d, *a%d]\n".formatted(i, i, i - 1, i - 1));
        }
        server.answer("/bomb.yaml", 200, Map.of(), bomb.toString());
        assertThat(failure(call("/bomb.yaml", "x", "{}"))).contains("without anchors");
    }

    @Test
    void hasNotCalledAnythingWhenTheDocumentDoesNotCome() {
        server.answer("/broken.json", 503, Map.of(), "");
        Failure failure = bench.failure(call("/broken.json", "x", "{}"));
        assertThat(failure.code()).isEqualTo("HTTP_503");
        assertThat(failure.progress()).isEqualTo(Failure.Progress.NEVER_STARTED);
        assertThat(failure.retryable()).isTrue();
    }

    @Test
    void takesTheServersThatAreNearest() {
        server.answer(
                "/near.json",
                200,
                JSON_TYPE,
                """
                {"openapi": "3.0.0", "servers": [{"url": "/far"}], "paths": {"/x": {"get":
                  {"operationId": "x", "servers": [{"url": "/near"}],
                   "parameters": [{"name": "ids", "in": "query"}]}}}}
                """);
        server.answer("/near", 200, JSON_TYPE, "[]");
        bench.text(call("/near.json", "x", "{\"ids\": [1, 2]}"));
        assertThat(asked().uri()).isEqualTo("/near/x?ids=1&ids=2");
    }
}
