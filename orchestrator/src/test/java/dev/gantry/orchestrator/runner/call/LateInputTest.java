package dev.gantry.orchestrator.runner.call;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.gantry.orchestrator.runner.LateInput;
import dev.gantry.orchestrator.runner.SampleAttempts;
import dev.gantry.spi.Failure;
import dev.gantry.spi.Failure.Progress;
import dev.gantry.spi.Outcome;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Calls that tell the service, besides in the header, what they prove themselves with. */
class LateInputTest {
    private static final Map<String, String> JSON_TYPE = Map.of("Content-Type", "application/json");

    private final HttpBench bench = HttpBench.openToThisMachine();
    private final AtomicInteger tokens = new AtomicInteger();
    private LocalServer server;

    @BeforeEach
    void startServer() throws IOException {
        server = new LocalServer();
        server.on(
                "/token",
                exchange ->
                        LocalServer.answer(
                                exchange,
                                200,
                                JSON_TYPE,
                                "{\"access_token\": \"token-%d\", \"expires_in\": 3600}"
                                        .formatted(tokens.incrementAndGet())));
    }

    @AfterEach
    void stop() {
        bench.close();
        server.close();
    }

    private ObjectNode request() {
        return JsonNodeFactory.instance
                .objectNode()
                .put("method", "POST")
                .put("endpoint", server.uri("/work"))
                .put("body", "***");
    }

    private Outcome call(LateInput late) {
        return call("/token", late);
    }

    private Outcome call(String tokenPath, LateInput late) {
        ObjectNode early = request();
        ObjectNode authentication =
                early.putObject("authentication")
                        .put("scheme", "oauth2")
                        .put("authority", server.uri(""))
                        .put("grant", "client_credentials");
        authentication.putObject("endpoints").put("token", tokenPath);
        authentication.putObject("client").put("id", "me").put("secret", "s3cret");
        return LateInput.during(late, () -> bench.begin(SampleAttempts.of(early.toString())))
                .join();
    }

    private LateInput inBody() {
        return token ->
                new LateInput.Made(
                        request().put("body", "<" + token + ">"), Set.of(token.substring(2)));
    }

    private List<LocalServer.Request> works() {
        return server.requests.stream().filter(asked -> asked.uri().equals("/work")).toList();
    }

    @Test
    void areWorkedOutWithTheTokenOfTheHeader() {
        server.answer("/work", 200, JSON_TYPE, "{\"got\": \"ken-1\"}");

        Outcome.Succeeded outcome = (Outcome.Succeeded) call(inBody());

        assertThat(works().getFirst().body()).contains("<token-1>");
        assertThat(works().getFirst().header("Authorization")).isEqualTo("Bearer token-1");
        assertThat(new String(outcome.output(), StandardCharsets.UTF_8))
                .isEqualTo("{\"got\":\"***\"}");
    }

    @Test
    void areWorkedOutAgainWithTheTokenThatReplacesARefusedOne() {
        server.on(
                "/work",
                exchange -> {
                    boolean first = tokens.get() == 1;
                    LocalServer.answer(exchange, first ? 401 : 200, JSON_TYPE, "{}");
                });

        assertThat(call(inBody())).isInstanceOf(Outcome.Succeeded.class);
        assertThat(works()).hasSize(2);
        assertThat(works().getLast().body()).contains("<token-2>");
        assertThat(works().getLast().header("Authorization")).isEqualTo("Bearer token-2");
    }

    @Test
    void areNotMadeWhereTheRequestCannotBeWorkedOut() {
        server.answer("/work", 200, JSON_TYPE, "{}");

        Failure failure =
                HttpBench.failure(
                        call(_ -> {
                            throw new IllegalArgumentException("it cannot be worked out");
                        }));

        assertThat(failure.code()).isEqualTo("EXPRESSION_FAILED");
        assertThat(failure.progress()).isEqualTo(Progress.NEVER_STARTED);
        assertThat(works()).isEmpty();
    }

    @Test
    void areNotMadeWithoutAToken() {
        server.answer("/work", 200, JSON_TYPE, "{}");
        server.answer("/none", 400, JSON_TYPE, "{\"error\": \"invalid_client\"}");

        Failure failure = HttpBench.failure(call("/none", inBody()));

        assertThat(failure.code()).isEqualTo("AUTHENTICATION_FAILED");
        assertThat(failure.progress()).isEqualTo(Progress.NEVER_STARTED);
        assertThat(works()).isEmpty();
    }
}
