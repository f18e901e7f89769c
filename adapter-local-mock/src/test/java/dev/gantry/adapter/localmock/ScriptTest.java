package dev.gantry.adapter.localmock;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A wrong script is refused, with the place and what was meant. */
class ScriptTest {

    @Test
    void namesEveryMistakeWithItsPlaceAndTheNearestKey() {
        String script =
                """
                seed: many
                rules:
                  - wen: {function: a/b}
                    lateny: 20ms
                  - when: {atempt: 1, class: fass}
                    latency: 20 minutes
                    faults: {hangs: true, teardown: twice}
                  - result: 1
                    error: FUNCTION_ERROR
                  - result: ${inptu.a}
                    logs: [{txt: hello}]
                rule: []
                """;

        assertThat(problems(script))
                .containsExactlyInAnyOrder(
                        "line 1, column 7: seed: 'many' is not a whole number",
                        "line 3, column 5: unknown key 'wen' in a rule; did you mean 'when'?",
                        "line 4, column 5: unknown key 'lateny' in a rule; did you mean 'latency'?",
                        "line 5, column 12: unknown key 'atempt' in when; did you mean 'attempt'?",
                        "line 5, column 30: class: 'fass' is none of faas, container, job;"
                                + " did you mean 'faas'?",
                        "line 6, column 14: latency: '20 minutes' is not a duration such as 20ms,"
                                + " 1.5s, 2m or PT1.5S",
                        "line 7, column 14: unknown key 'hangs' in faults; did you mean 'hang'?",
                        "line 7, column 37: teardown: 'twice' is not a whole number from 0 to"
                                + " 999999999",
                        "line 8, column 5: rules: a step ends in one way, but result and error are given",
                        "line 10, column 13: result: '${inptu.a}' refers to nothing; did you mean"
                                + " 'input'?; known are input, attempt, step, task, iteration,"
                                + " function, executionId, correlationId, idempotencyKey, tenant,"
                                + " initiator, traceparent",
                        "line 11, column 13: unknown key 'txt' in an entry of logs; did you mean"
                                + " 'text'?",
                        "line 12, column 1: unknown key 'rule' in the script; did you mean"
                                + " 'rules'?");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "rules: [{when: 3}] | line 1, column 16: when is '3', a map expected",
                "rules: [3] | line 1, column 9: a rule is '3', a map expected",
                "a: 1 | line 1, column 1: unknown key 'a' in the script; known are health, rules, seed",
                "seed: 1\\nseed: 2 | line 2, column 1: 'seed' is there twice",
                "rules: [{when: {attempt: 0}}] | line 1, column 26: attempt: attempts 0 to 0 are no range; attempts count from 1",
                "rules: [{when: {chance: 2}}] | line 1, column 25: chance: chance is 2.0, 0 to 1 expected",
                "rules: [{latency: {from: 2s, to: 1s}}] | line 1, column 19: latency: latency from PT2S to PT1S is no range",
                "rules: [{resultSize: 1}] | line 1, column 22: resultSize: result size is 1, at least 2 expected",
                "rules: [{artifacts: [{path: ../x, size: 1}]}] | line 1, column 22: artifacts: path '../x' is not relative to the output folder",
                "rules: [{error: {message: x}}] | line 1, column 17: error: 'code' is missing",
                "rules: [{error: oops}] | line 1, column 17: error: code 'oops' is not in upper case such as FUNCTION_ERROR",
                "rules: [{latency: }] | line 1, column 18: latency is nothing, a map expected",
                "rules: [{when: {image: }}] | line 1, column 23: image: nothing, a single value expected",
                "rules: [{when: {image: [a]}}] | line 1, column 24: image: a list, a single value expected",
                "rules: [{logs: [{text: a, flood: 1}]}] | line 1, column 17: logs: an entry of logs has either 'text' or 'flood'",
                "rules: [{result: &a 1}, {result: *a}] | line 1, column 34: the alias '*a' is not read; write out what it stands for",
                "rules: []\\n---\\nrules: [] | line 3, column 1: one document expected",
                "health: {after: 1s} | line 1, column 9: health: 'disconnected' is missing, with the reason as its value",
            })
    void explainsAMistake(String script, String problem) {
        assertThat(problems(script.replace("\\n", "\n"))).containsExactly(problem);
    }

    @Test
    void refusesWhatIsNoYaml() {
        assertThat(problems("rules: [")).singleElement().asString().contains("line 1", "not YAML");
    }

    @Test
    void takesAnEmptyScriptForNoRules() {
        assertThat(MockScript.parse("").summary()).isEqualTo("rules: 0, seed: 0");
        assertThat(MockScript.parse("# nothing yet\n").summary()).isEqualTo("rules: 0, seed: 0");
    }

    @Test
    void takesWordsForWhatTheyAreInJson() {
        String result = "[on, True, 010, 0x1F, 1_000, 12:30, .5, true, 1.50, 7, ~]";

        Answer answer =
                ScriptReader.read("script", "rules: {result: " + result + "}")
                        .answer(Attempts.CHARGE.build());

        assertThat(((Ending.Result) answer.ending()).json().fill(Values.NONE))
                .hasToString(
                        "[\"on\",\"True\",\"010\",\"0x1F\",\"1_000\",\"12:30\",\".5\",true,1.50,7,null]");
    }

    @Test
    void takesJson() {
        MockScript script =
                MockScript.parse("{\"seed\": 7, \"rules\": [{\"result\": {\"a\": 1}}]}");

        assertThat(script.summary()).isEqualTo("rules: 1, seed: 7");
    }

    @Test
    void refusesAWrongBlockInAFunctionsDocument() {
        ScriptException refusal =
                catchThrowableOfType(
                        ScriptException.class,
                        () -> ScriptReader.binding(Map.of("lateny", "20ms")));

        assertThat(refusal.problems())
                .containsExactly("unknown key 'lateny' in the block; did you mean 'latency'?");
    }

    @Test
    void tellsWhereABlockIsWrong() {
        assertThat(ScriptReader.mistakes(Map.of("latency", "x", "logs", List.of(Map.of("t/t", 1)))))
                .extracting(mistake -> mistake.asProblem().pointer())
                .containsExactlyInAnyOrder("/latency", "/logs/0/t~1t");
    }

    @Test
    void readsNoDeeperThanFiftyLevels() {
        assertThat(problems("rules: [{result: " + "[".repeat(60) + "]".repeat(60) + "}]"))
                .singleElement()
                .asString()
                .contains("50");
    }

    @Test
    void refusesAKeyThatAResultHasTwice() {
        assertThat(problems("rules: [{result: {a: 1, a: 2}}]"))
                .singleElement()
                .asString()
                .contains("line 1", "'a'");
    }

    @ParameterizedTest
    @CsvSource({"20ms, PT0.02S", "1.5s, PT1.5S", "2m, PT2M", "1h, PT1H", "0, PT0S", "PT3S, PT3S"})
    void readsDurations(String text, String duration) {
        assertThat(Quantities.duration(text)).hasToString(duration);
    }

    @ParameterizedTest
    @CsvSource({"100, 100", "64KiB, 65536", "1.5MiB, 1572864", "2GB, 2000000000", "7B, 7"})
    void readsSizes(String text, long bytes) {
        assertThat(Quantities.bytes(text)).isEqualTo(bytes);
    }

    private static List<String> problems(String script) {
        ScriptException refusal =
                catchThrowableOfType(ScriptException.class, () -> MockScript.parse(script));
        assertThat(refusal).as("refusal").isNotNull();
        return refusal.problems();
    }
}
