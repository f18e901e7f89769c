package dev.gantry.orchestrator.runner.call;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import dev.gantry.orchestrator.runner.SampleAttempts;
import dev.gantry.spi.Attempt;
import dev.gantry.spi.Capability;
import dev.gantry.spi.Failure;
import dev.gantry.spi.Failure.Progress;
import dev.gantry.spi.Handle;
import dev.gantry.spi.Limits;
import dev.gantry.spi.Outcome;
import dev.gantry.spi.ProvisionException;
import dev.gantry.spi.Workload;
import java.io.IOException;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class CallAdapterTest {
    private static final Map<String, String> JSON_TYPE = Map.of("Content-Type", "application/json");

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

    private String get(String path) {
        return "{\"method\": \"get\", \"endpoint\": \"%s\"}".formatted(server.uri(path));
    }

    private String request(String method, String path, String more) {
        return "{\"method\": \"%s\", \"endpoint\": \"%s\", %s}"
                .formatted(method, server.uri(path), more);
    }

    private LocalServer.Request asked() {
        return server.requests.getLast();
    }

    @Test
    void givesTheContentOfAJsonAnswer() {
        server.answer("/pet", 200, JSON_TYPE, "{\"price\": 12345678901234567890.1250}");

        assertThat(bench.text(get("/pet"))).isEqualTo("{\"price\":12345678901234567890.1250}");
    }

    @ParameterizedTest
    @CsvSource({
        "application/problem+json, '[1]', '[1]'",
        "application/json; charset=utf-8, '\"ü\"', '\"ü\"'",
        "text/plain, 'a \"b\"', '\"a \\\"b\\\"\"'",
        "application/xml, '<a/>', '\"<a/>\"'",
        "application/octet-stream, 'abc', '\"YWJj\"'",
        "image/png, 'abc', '\"YWJj\"'",
    })
    void readsContentByItsType(String type, String body, String output) {
        server.answer("/", 200, Map.of("Content-Type", type), body);

        assertThat(bench.output(get("/")).toString()).isEqualTo(output);
    }

    @Test
    void givesNullForNoContent() {
        server.answer("/", 204, Map.of(), "");

        assertThat(bench.output(get("/")).isNull()).isTrue();
    }

    @Test
    void givesTheBytesOfARawAnswer() {
        server.answer("/", 200, JSON_TYPE, "{\"a\": 1}");

        JsonNode output = bench.output(request("get", "/", "\"output\": \"raw\""));

        assertThat(Base64.getDecoder().decode(output.textValue()))
                .asString()
                .isEqualTo("{\"a\": 1}");
    }

    @Test
    void givesTheWholeResponseWithoutCredentials() {
        server.answer("/pet", 201, Map.of("Content-Type", "application/json", "X-One", "1"), "{}");

        JsonNode output =
                bench.output(
                        request(
                                "post",
                                "/pet",
                                """
                                "output": "response", "query": {"a": 1}, "body": {},
                                "headers": {"Authorization": "Bearer t0p", "X-Api-Key": "s3cret",
                                            "Accept": "*/*"}
                                """));

        assertThat(output.at("/statusCode").intValue()).isEqualTo(201);
        assertThat(output.at("/headers/x-one").textValue()).isEqualTo("1");
        assertThat(output.at("/content").isObject()).isTrue();
        assertThat(output.at("/request/method").textValue()).isEqualTo("post");
        assertThat(output.at("/request/uri").textValue()).isEqualTo(server.uri("/pet?a=1"));
        assertThat(output.at("/request/headers/Accept").textValue()).isEqualTo("*/*");
        assertThat(output.toString()).doesNotContain("t0p", "s3cret");
    }

    @Test
    void sendsQueryHeadersAndJson() {
        server.answer("/pay", 200, Map.of(), "");

        bench.output(
                request(
                        "put",
                        "/pay?x=1#top",
                        """
                        "query": {"q": "a b&c=ü+", "n": 3, "list": ["u", 2], "none": null},
                        "headers": {"X-Tenant": "acme", "X-Number": 7},
                        "body": {"amount": 12345678901234567890.50}
                        """));

        assertThat(asked().method()).isEqualTo("PUT");
        assertThat(asked().uri()).isEqualTo("/pay?x=1&q=a%20b%26c%3D%C3%BC%2B&n=3&list=u&list=2");
        assertThat(asked().body()).isEqualTo("{\"amount\":12345678901234567890.50}");
        assertThat(asked().header("Content-Type")).isEqualTo("application/json");
        assertThat(asked().header("X-Tenant")).isEqualTo("acme");
        assertThat(asked().header("X-Number")).isEqualTo("7");
        assertThat(asked().header("Host")).isEqualTo("127.0.0.1:" + server.port());
        assertThat(asked().headers().get("Upgrade")).isNull();
    }

    @ParameterizedTest
    @CsvSource({
        "'\"plain\"', , plain, text/plain; charset=utf-8",
        "'\"{1}\"', application/json, {1}, application/json",
        "'{\"a\": \"b c\", \"d\": 1}', application/x-www-form-urlencoded, a=b%20c&d=1,"
                + " application/x-www-form-urlencoded",
        "'[true]', application/vnd.x+json, [true], application/vnd.x+json",
        "7, , 7, application/json",
    })
    void sendsABodyAsItsTypeSays(String body, String type, String sent, String sentType) {
        server.answer("/", 200, Map.of(), "");
        String headers =
                type == null ? "" : ", \"headers\": {\"content-type\": \"%s\"}".formatted(type);

        bench.output(request("post", "/", "\"body\": " + body + headers));

        assertThat(asked().body()).isEqualTo(sent);
        assertThat(asked().header("Content-Type")).isEqualTo(sentType);
    }

    @Test
    void tellsTheServerItsTraceAndTheIdempotencyKeyOfAnEffect() {
        server.answer("/", 200, Map.of(), "");

        bench.call(
                SampleAttempts.of(
                        request("post", "/", "\"body\": 1"),
                        Limits.defaults(),
                        SampleAttempts.SAMPLED));
        assertThat(asked().header("Traceparent")).isEqualTo(SampleAttempts.SAMPLED);
        assertThat(asked().header("Idempotency-Key")).isEqualTo("0197a5a2:/do/0/call");
        assertThat(asked().header("X-Correlation-Id")).isEqualTo("order-7");

        bench.call(request("post", "/", "\"headers\": {\"idempotency-key\": \"mine\"}"));
        assertThat(asked().headers().get("Idempotency-Key")).containsExactly("mine");

        bench.call(get("/"));
        assertThat(asked().headers().get("Idempotency-Key")).isNull();
        assertThat(asked().header("X-Correlation-Id")).isEqualTo("order-7");

        bench.call(request("get", "/", "\"headers\": {\"x-correlation-id\": \"mine\"}"));
        assertThat(asked().headers().get("X-Correlation-Id")).containsExactly("mine");
    }

    @Test
    void sendsNoCorrelationWhereThatIsTurnedOff() throws CallFailed {
        var request = CallReader.parse(get("/").getBytes(java.nio.charset.StandardCharsets.UTF_8));
        var context = SampleAttempts.of("{}").context();

        assertThat(CallReader.read(request, context, "").headers()).isEmpty();
        assertThat(CallReader.read(request, context, "X-Request").headers())
                .containsEntry("X-Request", "order-7");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "\"headers\": {\"X-A\": \"1\\r\\nX-B: 2\"}",
                "\"headers\": {\"X-A\": \"1\\nX-B: 2\"}",
                "\"headers\": {\"X A\": \"1\"}",
                "\"headers\": {\"X-A:\": \"1\"}",
                "\"headers\": {\"X-A\": \"ü\"}",
                "\"headers\": {\"X-A\": {}}",
                "\"headers\": {\"Host\": \"internal\"}",
                "\"headers\": {\"transfer-encoding\": \"chunked\"}",
                "\"headers\": {\"Content-Length\": \"5\"}",
                "\"headers\": {\"Connection\": \"close\"}",
                "\"headers\": {\"Proxy-Authorization\": \"x\"}",
                "\"headers\": \"X-A: 1\"",
                "\"query\": [1]",
                "\"query\": {\"a\": {}}",
                "\"output\": \"everything\"",
                "\"method\": \"TRACE\"",
                "\"method\": \"connect\"",
                "\"method\": \"GET / HTTP/1.1\"",
                "\"endpoint\": \"/relative\"",
                "\"endpoint\": \"http://a b/\"",
                "\"endpoint\": {\"uri\": \"http://a/\", \"authentication\": {}}",
                "\"endpoint\": \"mailto:a@b\"",
                "\"body\": [1], \"headers\": {\"content-type\": \"application/x-www-form-urlencoded\"}",
            })
    void refusesRequestsThatAreNone(String more) {
        server.answer("/", 200, Map.of(), "");

        Failure failure = bench.failure(request("post", "/", more));

        assertThat(failure.code()).isEqualTo(Failure.Code.INVALID_WORKLOAD);
        assertThat(failure.progress()).isEqualTo(Progress.NEVER_STARTED);
        assertThat(failure.retryable()).isFalse();
        assertThat(server.requests).isEmpty();
    }

    @Test
    void claimsOnlyWhatItKeeps() {
        assertThat(bench.adapter.capabilities().claims())
                .containsExactlyInAnyOrder(Capability.CANCEL, Capability.SCALE_TO_ZERO);
        assertThat(bench.adapter.owned()).isEmpty();
        Attempt attempt = SampleAttempts.of("{}");
        Handle handle = new Handle("http", 1, attempt.externalName(), Map.of());
        assertThat(bench.adapter.reattach(handle, attempt, SampleAttempts.NOTHING))
                .isCompletedExceptionally();
    }

    @Test
    void refusesWorkThatIsNoCall() {
        Attempt call = SampleAttempts.of("{}");
        Attempt other =
                new Attempt(
                        call.context(),
                        call.externalName(),
                        call.runtimeClass(),
                        new Workload.Function("a/b", "1.0.0", Map.of("image", "x")),
                        call.input(),
                        call.limits());

        assertThatThrownBy(() -> bench.adapter.provision(other))
                .isInstanceOf(ProvisionException.class);
    }

    @Test
    void makesManyCallsAtOnce() {
        server.answer("/", 200, JSON_TYPE, "1");

        List<CompletableFuture<Outcome>> calls =
                IntStream.range(0, 300)
                        .mapToObj(i -> bench.begin(SampleAttempts.of(get("/"))))
                        .toList();

        assertThat(calls)
                .allSatisfy(call ->
                        assertThat(call.orTimeout(20, TimeUnit.SECONDS).join())
                                .isInstanceOf(Outcome.Succeeded.class));
    }

    private void echo(String path) {
        server.on(
                path,
                exchange ->
                        LocalServer.answer(
                                exchange,
                                200,
                                JSON_TYPE,
                                "{\"got\": \"%s\"}"
                                        .formatted(
                                                exchange.getRequestHeaders()
                                                        .getFirst("Authorization"))));
    }

    @Test
    void doesNotShowTheTokenThatItGot() {
        server.answer("/token", 200, JSON_TYPE, "{\"access_token\": \"token-0123456789\"}");
        echo("/echo");
        String authentication =
                "\"authentication\": {\"scheme\": \"oauth2\", \"authority\": \"%s\", \"endpoints\": {\"token\": \"/token\"}, \"grant\": \"client_credentials\", \"client\": {\"id\": \"me\", \"secret\": \"s3cret\"}}"
                        .formatted(server.uri(""));

        assertThat(bench.text(request("get", "/echo", authentication)))
                .isEqualTo("{\"got\":\"Bearer ***\"}");
        assertThat(asked().header("Authorization")).isEqualTo("Bearer token-0123456789");
        assertThat(bench.text(request("get", "/echo", authentication + ", \"output\": \"raw\"")))
                .doesNotContain("MDEyMzQ1Njc4")
                .contains("***");
    }

    @Test
    void sendsNoEmptyCredentials() {
        echo("/echo");

        Failure failure =
                bench.failure(
                        request(
                                "get",
                                "/echo",
                                "\"authentication\": {\"scheme\": \"bearer\", \"token\": \" \"}"));

        assertThat(failure.code()).isEqualTo("AUTHENTICATION_FAILED");
        assertThat(failure.message()).isEqualTo("the authentication's 'token' is empty");
        assertThat(server.requests).isEmpty();
    }
}
