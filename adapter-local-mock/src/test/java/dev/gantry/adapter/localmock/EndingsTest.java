package dev.gantry.adapter.localmock;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.gantry.spi.Attempt;
import dev.gantry.spi.Failure;
import dev.gantry.spi.Failure.Actor;
import dev.gantry.spi.Failure.Code;
import dev.gantry.spi.Failure.Progress;
import dev.gantry.spi.Outcome;
import dev.gantry.spi.Outcome.Failed;
import dev.gantry.spi.Outcome.ProcessResult;
import dev.gantry.spi.Outcome.Succeeded;
import dev.gantry.spi.Outcome.Usage;
import dev.gantry.spi.Workload;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** How a step ends. */
class EndingsTest {

    @Test
    void tellsHowAProcessWasStartedWhenItsStreamsAreAskedFor() {
        Attempt attempt = Attempts.CHARGE.process("greet", Workload.Result.PROCESS);

        JsonNode process = output(outcome("rules: []", attempt));

        assertThat(process.get("code").asInt()).isZero();
        assertThat(process.get("stderr").asText()).isEmpty();
        assertThat(process.get("stdout").asText())
                .isEqualTo(
                        """
                        {"image":"alpine:3.20","command":["/bin/sh","-c"],"arguments":["echo hi"]}\
                        """)
                .doesNotContain("secret");
    }

    @Test
    void echoesTheInputOfAFunctionThatBroughtItsSource() {
        Attempt attempt =
                Attempts.CHARGE
                        .input("{\"a\":1}")
                        .process("billing/charge:2.0.1", Workload.Result.FUNCTION);

        assertThat(output(outcome("rules: []", attempt))).hasToString("{\"a\":1}");
    }

    @Test
    void fillsTheHolesOfAResult() {
        String script =
                """
                rules:
                  - result:
                      id: ${input.order.id}
                      first: ${input.order.items[0]}
                      also: ${input["note"]}
                      all: ${input}
                      text: "order ${input.order.id} at ${task}, try ${attempt}"
                      missing: ${input.nothing.here}
                      plain: $${input}
                      list: [1, "${correlationId}", true, null]
                """;

        JsonNode result = output(outcome(script, Attempts.CHARGE.build()));

        assertThat(result.get("id")).hasToString("17");
        assertThat(result.get("first").asText()).isEqualTo("pen");
        assertThat(result.get("also").asText()).isEqualTo("hi");
        assertThat(result.get("all").get("note").asText()).isEqualTo("hi");
        assertThat(result.get("text").asText()).isEqualTo("order 17 at /do/0/charge, try 1");
        assertThat(result.get("missing").isNull()).isTrue();
        assertThat(result.get("plain").asText()).isEqualTo("${input}");
        assertThat(result.get("list")).hasToString("[1,\"order-1\",true,null]");
    }

    @Test
    void takesStdoutOfAProcessForJsonIfItIsAndForTextIfNot() {
        assertThat(output(outcome("rules: [{process: {stdout: '{\"a\":1}'}}]")))
                .hasToString("{\"a\":1}");
        assertThat(output(outcome("rules: [{process: {stdout: hello}}]"))).hasToString("\"hello\"");
        assertThat(output(outcome("rules: [{process: {}}]"))).hasToString("\"\"");
    }

    @Test
    void failsOnAnExitCode() {
        Failed failed = failed(outcome("rules: [{process: {code: 3, stdout: out, stderr: err}}]"));

        assertThat(failed.failure().code()).isEqualTo(Code.EXIT_NONZERO);
        assertThat(failed.failure().progress()).isEqualTo(Progress.ENDED);
        assertThat(failed.process()).isEqualTo(new ProcessResult(3, "out", "err"));
    }

    @Test
    void reportsAnErrorAsScripted() {
        String script =
                """
                rules:
                  - error:
                      code: CARD_DECLINED
                      message: no money
                      actor: backend
                      retryable: true
                      progress: mayHaveCommitted
                      exitCode: 9
                """;

        Failed failed = failed(outcome(script));

        assertThat(failed.failure())
                .isEqualTo(
                        new Failure(
                                "CARD_DECLINED",
                                "no money",
                                Actor.BACKEND,
                                true,
                                Progress.MAY_HAVE_COMMITTED));
        assertThat(failed.process()).isEqualTo(new ProcessResult(9, "", ""));
    }

    @ParameterizedTest
    @CsvSource({
        "OUT_OF_MEMORY, AUTHOR, false, MAY_HAVE_COMMITTED",
        "TIMEOUT, AUTHOR, true, MAY_HAVE_COMMITTED",
        "THROTTLED, THROTTLED, true, NEVER_STARTED",
        "BACKEND_UNAVAILABLE, BACKEND, true, NEVER_STARTED",
        "CARD_DECLINED, AUTHOR, true, ENDED",
        "OUTPUT_TOO_LARGE, AUTHOR, false, ENDED"
    })
    void knowsWhatBackendsSayBesideACode(
            String code, Actor actor, boolean retryable, Progress progress) {
        Failure failure = failed(outcome("rules: [{error: %s}]".formatted(code))).failure();

        assertThat(failure.code()).isEqualTo(code);
        assertThat(failure.actor()).isEqualTo(actor);
        assertThat(failure.retryable()).isEqualTo(retryable);
        assertThat(failure.progress()).isEqualTo(progress);
        assertThat(failure.message()).isNotBlank();
    }

    @Test
    void failsAResultOverTheLimit() {
        Failed failed = failed(outcome("rules: [{resultSize: 5MiB}]"));

        assertThat(failed.failure().code()).isEqualTo(Code.OUTPUT_TOO_LARGE);
    }

    @Test
    void reportsUsageAsScripted() {
        Outcome outcome = outcome("rules: [{usage: {wall: 1.5s, cpu: 500ms, memory: 128MiB}}]");

        assertThat(((Succeeded) outcome).usage())
                .isEqualTo(new Usage(1_500L, 500L, 128L << 20, null, null, Map.of()));
    }

    @Test
    void computesAResultInJava() {
        MockScript script =
                MockScript.builder()
                        .rule(rule -> rule.result(it -> it.context().tenant().getBytes(UTF_8)))
                        .build();
        Attempt attempt = Attempts.CHARGE.build();

        Outcome outcome = Outcomes.of(script.answer(attempt), attempt, 0);

        assertThat(new String(((Succeeded) outcome).output(), UTF_8)).isEqualTo("tenant-a");
    }

    private static Outcome outcome(String yaml) {
        return outcome(yaml, Attempts.CHARGE.build());
    }

    private static Outcome outcome(String yaml, Attempt attempt) {
        return Outcomes.of(MockScript.parse(yaml).answer(attempt), attempt, 0);
    }

    private static JsonNode output(Outcome outcome) {
        assertThat(outcome).isInstanceOf(Succeeded.class);
        return Json.read(((Succeeded) outcome).output());
    }

    private static Failed failed(Outcome outcome) {
        assertThat(outcome).isInstanceOf(Failed.class);
        return (Failed) outcome;
    }
}
