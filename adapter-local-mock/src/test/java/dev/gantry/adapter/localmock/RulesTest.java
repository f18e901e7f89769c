package dev.gantry.adapter.localmock;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.gantry.spi.Attempt;
import dev.gantry.spi.Outcome;
import dev.gantry.spi.Outcome.Succeeded;
import dev.gantry.spi.RuntimeClass;
import dev.gantry.spi.Workload;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Which rule counts for which attempt. */
class RulesTest {

    @Test
    void takesTheFirstRuleThatMatches() {
        MockScript script =
                MockScript.builder()
                        .rule(rule -> rule.function("billing/refund").result("never"))
                        .rule(rule -> rule.function("billing/*").result("first"))
                        .rule(rule -> rule.function("billing/charge").result("second"))
                        .build();

        assertThat(result(script, Attempts.CHARGE.build())).isEqualTo("\"first\"");
    }

    @Test
    void echoesTheInputWithoutARule() {
        MockScript script =
                MockScript.builder().rule(rule -> rule.function("x/y").result("no")).build();

        Attempt attempt = Attempts.CHARGE.input("{\"a\": 1}").build();

        assertThat(result(script, attempt)).isEqualTo("{\"a\": 1}");
    }

    @Test
    void takesTheFunctionsOwnBlockAfterTheRules() {
        MockScript script =
                MockScript.builder().rule(rule -> rule.attempt(2).result("rule")).build();
        Attempts withBlock = Attempts.CHARGE.binding(Map.of("result", "block"));

        assertThat(result(script, withBlock.attempt(1).build())).isEqualTo("\"block\"");
        assertThat(result(script, withBlock.attempt(2).build())).isEqualTo("\"rule\"");
    }

    @ParameterizedTest
    @CsvSource({
        "/do/0/charge, true",
        "/do/*/charge, true",
        "/do/**, true",
        "**/charge, true",
        "/do/?/charge, true",
        "/*/charge, false",
        "/do/0/charg, false",
        "/do/0/charge/x, false",
        "*, false",
        "**, true"
    })
    void matchesTasksByPattern(String pattern, boolean matches) {
        assertThat(new Glob(pattern).matches("/do/0/charge")).isEqualTo(matches);
    }

    @ParameterizedTest
    @CsvSource({"1, false", "2, true", "3, true", "4, false"})
    void matchesARangeOfAttempts(int attempt, boolean matches) {
        MockScript script = MockScript.parse("rules: [{when: {attempt: 2..3}, result: matched}]");

        assertThat(result(script, Attempts.CHARGE.attempt(attempt).build()))
                .satisfies(it -> assertThat(it.equals("\"matched\"")).isEqualTo(matches));
    }

    @Test
    void matchesIterationAndVersion() {
        MockScript script =
                MockScript.parse(
                        """
                        rules:
                          - when: {iteration: "3.*", version: 2.*, class: faas}
                            result: matched
                        """);

        assertThat(result(script, Attempts.CHARGE.iteration("3.7").build()))
                .isEqualTo("\"matched\"");
        assertThat(result(script, Attempts.CHARGE.iteration("4").build()))
                .isNotEqualTo("\"matched\"");
    }

    @Test
    void matchesAProcessByItsNameAndImage() {
        MockScript script =
                MockScript.builder()
                        .rule(rule -> rule.function("billing/charge").version("2.*").result(1))
                        .rule(rule -> rule.image("alpine:*").result(2))
                        .build();

        Workload.Result function = Workload.Result.FUNCTION;
        assertThat(result(script, Attempts.CHARGE.process("billing/charge:2.0.1", function)))
                .isEqualTo("1");
        assertThat(result(script, Attempts.CHARGE.process("greet", function))).isEqualTo("2");
    }

    @Test
    void matchesTheRuntimeClass() {
        MockScript script =
                MockScript.builder()
                        .rule(rule -> rule.runtimeClass(RuntimeClass.JOB).result("job"))
                        .build();

        assertThat(result(script, Attempts.CHARGE.build())).isNotEqualTo("\"job\"");
    }

    private static String result(MockScript script, Attempt attempt) {
        Outcome outcome = Outcomes.of(script.answer(attempt), attempt, 0);
        assertThat(outcome).isInstanceOf(Succeeded.class);
        return new String(((Succeeded) outcome).output(), UTF_8);
    }
}
