package dev.gantry.orchestrator.api;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.gantry.orchestrator.engine.ExecutionStatus;
import dev.gantry.orchestrator.execution.Executions;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class StartTest extends ApiTest {
    @Test
    void startsAndTellsWhere() {
        Answer answer = post("/v1/executions", start("quick", "{\"a\": 1}"));

        assertThat(answer.status()).isEqualTo(201);
        assertThat(answer.header("Location"))
                .isEqualTo("/v1/executions/" + answer.json().get("id").asText());
        assertThat(get(answer.header("Location")).json().get("status").asText())
                .isEqualTo("completed");
    }

    @Test
    void waitsForTheResult() {
        Answer answer = post("/v1/executions", start("quick", "{\"a\": 1}"), "Prefer", "wait=10");

        assertThat(answer.status()).isEqualTo(200);
        assertThat(answer.header("Preference-Applied")).isEqualTo("wait=5");
        assertThat(answer.json().at("/output/a").asInt()).isEqualTo(1);
        assertThat(answer.json().at("/definition/kind").asText()).isEqualTo("workflow");
        assertThat(answer.json().get("startedAt").asText()).isEqualTo("2026-07-29T12:00:00Z");
        assertThat(answer.json().has("error")).isFalse();
    }

    @Test
    void answersWithTheExecutionAsItIsWhenTheTimeIsUp() {
        Answer answer =
                post("/v1/executions", start("slow", "{}"), "Prefer", "respond-async, wait=1");

        assertThat(answer.status()).isEqualTo(202);
        assertThat(answer.header("Preference-Applied")).isEqualTo("wait=1");
        assertThat(answer.json().get("status").asText()).isEqualTo("running");
        assertThat(answer.json().at("/currentTasks/0/pointer").asText()).isEqualTo("/do/0/a");
    }

    @Test
    void answersAsSoonAsItEnds() throws Exception {
        CompletableFuture<Answer> answer =
                CompletableFuture.supplyAsync(() ->
                        post(
                                "/v1/executions",
                                start("slow", "{}"),
                                "Prefer",
                                "wait=5",
                                "Idempotency-Key",
                                "as-soon-as"));
        String id = null;
        while (id == null) {
            Thread.sleep(20);
            id =
                    executions.started.stream()
                            .filter(start -> "as-soon-as".equals(start.idempotencyKey()))
                            .findFirst()
                            .map(_ ->
                                    get("/v1/executions?limit=1").json().at("/items/0/id").asText())
                            .orElse(null);
        }

        executions.fake(id).end(ExecutionStatus.FAULTED, null);

        Answer got = answer.get(5, TimeUnit.SECONDS);
        assertThat(got.status()).isEqualTo(200);
        assertThat(got.json().at("/error/code").asText()).isEqualTo("TEST");
    }

    @Test
    void givesTheFirstExecutionForARepeatedKey() {
        Answer first = post("/v1/executions", start("quick", "{}"), "Idempotency-Key", "order-17");
        Answer second = post("/v1/executions", start("quick", "{}"), "Idempotency-Key", "order-17");

        assertThat(first.header("Idempotency-Replayed")).isEmpty();
        assertThat(second.status()).isEqualTo(201);
        assertThat(second.header("Idempotency-Replayed")).isEqualTo("true");
        assertThat(second.json()).isEqualTo(first.json());
    }

    @Test
    void handsOnWhatTheCallerSent() {
        String trace = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-00";
        post(
                "/v1/executions",
                """
                {"definition": {"kind": "function", "namespace": "billing", "name": "charge",
                  "version": "2.0.1"}, "correlationId": "order-9"}
                """,
                "traceparent",
                trace);

        Executions.StartRequest request = executions.started.getLast();
        assertThat(request.kind().label()).isEqualTo("function");
        assertThat(request.version()).isEqualTo("2.0.1");
        assertThat(request.correlationId()).isEqualTo("order-9");
        assertThat(request.input().isEmpty()).isTrue();
        assertThat(request.traceparent()).isEqualTo(trace);
        assertThat(request.initiator().toString()).isEqualTo("user:dev");
        assertThat(request.tenant().value()).isEqualTo("default");
    }

    @Test
    void goesOnWithItsOwnSpanWhenTheCallerIsSampled() {
        post(
                "/v1/executions",
                start("quick", "{}"),
                "traceparent",
                "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01");

        assertThat(executions.started.getLast().traceparent())
                .startsWith("00-0af7651916cd43dd8448eb211c80319c-")
                .endsWith("-01")
                .doesNotContain("b7ad6b7169203331");
    }

    @Test
    void ignoresATraceparentThatCanNotBeRead() {
        post("/v1/executions", start("quick", "{}"), "traceparent", "zz");

        assertThat(executions.started.getLast().traceparent()).isNull();
    }

    @Test
    void keepsNumbersAsWritten() {
        String input =
                """
                {"precise":0.1234567890123456789012345678901234567890,"money":1.10,\
                "big":123456789012345678901234567890,"long":9007199254740993,"int":-1,\
                "exponent":1E-30,"nothing":null,"text":"\\u20ac \\"x\\"","deep":[[{"a":[]}]]}\
                """;

        Answer answer = post("/v1/executions", start("quick", input), "Prefer", "wait=1");

        assertThat(answer.body())
                .contains("\"precise\":0.1234567890123456789012345678901234567890")
                .contains("\"money\":1.10")
                .contains("\"big\":123456789012345678901234567890")
                .contains("\"long\":9007199254740993")
                .contains("\"exponent\":1E-30")
                .contains("\"nothing\":null")
                .contains("\"text\":\"€ \\\"x\\\"\"")
                .contains("\"deep\":[[{\"a\":[]}]]");
    }

    @Test
    void tellsNullOutputFromNone() {
        JsonNode ended = post("/v1/executions", start("quick", "null"), "Prefer", "wait=1").json();

        assertThat(ended.get("output").isNull()).isTrue();
        assertThat(get("/v1/executions/" + slow()).json().has("output")).isFalse();
    }

    @ParameterizedTest
    @EnumSource(Executions.Refused.Code.class)
    void turnsEveryRefusalIntoAProblem(Executions.Refused.Code code) {
        Answer answer = post("/v1/executions", start(code.name(), "{}"));

        assertThat(answer.code()).isEqualTo(code.name());
        assertThat(answer.status()).isBetween(400, 503).isNotEqualTo(500);
        assertThat(answer.header("Content-Type")).isEqualTo("application/problem+json");
        assertThat(answer.detail()).isEqualTo("because of " + code);
        assertThat(answer.json().get("type").asText()).isEqualTo("urn:gantry:problem:" + code);
    }
}
