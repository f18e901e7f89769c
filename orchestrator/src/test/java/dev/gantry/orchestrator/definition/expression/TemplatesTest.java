package dev.gantry.orchestrator.definition.expression;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.gantry.orchestrator.definition.plan.Arguments;
import dev.gantry.orchestrator.definition.plan.ExpressionException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class TemplatesTest {
    private static final ObjectMapper JSON = new ObjectMapper();

    private static JsonNode json(String text) throws JsonProcessingException {
        return JSON.readTree(text);
    }

    private static JsonNode eval(String expression, String input)
            throws ExpressionException, JsonProcessingException {
        return Templates.expression(
                        expression,
                        "",
                        (pointer, message) -> {
                            throw new IllegalArgumentException(message);
                        })
                .evaluate(
                        json(input),
                        name ->
                                name.equals("context")
                                        ? JSON.createObjectNode().put("k", 7)
                                        : null);
    }

    @ParameterizedTest
    @CsvSource(
            delimiterString = " ~ ",
            value = {
                ".a.b ~ {\"a\": {\"b\": 1}} ~ 1",
                ".a.b ~ {} ~ null",
                ".a.b ~ {\"a\": null} ~ null",
                "${ .a } ~ {\"a\": [1]} ~ [1]",
                "$context.k ~ {} ~ 7",
                ".a + 1 ~ {\"a\": 2} ~ 3",
                "[.[] | select(. > 1)] ~ [1,2,3] ~ [2,3]",
                "{a: .x, y} ~ {\"x\": 1, \"y\": 2} ~ {\"a\":1,\"y\":2}",
                ".s | test(\"^a+$\") ~ {\"s\": \"aaa\"} ~ true",
                ".s | sub(\"b\"; \"c\") ~ {\"s\": \"abc\"} ~ \"acc\"",
                "[.s | match(\"(?<x>b)\").captures[0].name] ~ {\"s\": \"abc\"} ~ [\"x\"]",
                "if .a then 1 else 2 end ~ {\"a\": true} ~ 1",
                "if .a then 1 end ~ {\"a\": true} ~ 1",
                "[.[] | if . > 1 then (if . > 2 then 9 end) else 0 end] ~ [1,2,3] ~ [0,2,9]",
                "{input, now} ~ {\"input\": 1, \"now\": 2} ~ {\"input\":1,\"now\":2}",
                "IN(1, 2) ~ 2 ~ true",
                "INDEX(.id) ~ [{\"id\": 1}] ~ {\"1\":{\"id\":1}}",
                "todate ~ 0 ~ \"1970-01-01T00:00:00Z\"",
                ".a | gsub(\"(?<x>b+)\"; \"<\\(.x)>\") ~ {\"a\": \"abbab\"} ~ \"a<bb>a<b>\"",
                "[.[] | trim] | join(\"-\") ~ [\" a \", \"b\"] ~ \"a-b\"",
                "@base64 \"x\\(.)\" ~ \"y\" ~ \"xeQ==\"",
                ".a[1] |= . + 1 ~ {\"a\": [1, 2]} ~ {\"a\":[1,3]}",
                "def twice(f): f | f; twice(. * 2) ~ 3 ~ 12",
                "empty ~ {} ~ null"
            })
    void evaluatesAsJqDoes(String expression, String input, String expected) throws Exception {
        assertThat(eval(expression, input)).isEqualTo(json(expected));
    }

    @Test
    void failsWhereJqFails() {
        assertThatThrownBy(() -> eval(".a.b", "{\"a\": 1}"))
                .isInstanceOf(ExpressionException.class)
                .hasMessageContaining("cannot index number");
        assertThatThrownBy(() -> eval("$nothing", "{}")).isInstanceOf(ExpressionException.class);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "last(range(1e12))",
                "[range(1e9)] | length",
                "def f: f; f",
                "[recurse(. + 1)] | length",
                "\"xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx!xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx\" | test(\"(.*)(.*)(.*)(.*)(.*)(.*)(.*)z\")",
                "reduce range(1e12) as $x (0; . + 1)",
                "[range(60)] | reduce (.[] as $a | .[] as $b | .[] as $c | .[] as $d | .[] as $e | 1) as $x (0; 1)",
                "[range(3000)] | [.[] + .[] + .[]]",
                "reduce range(40) as $i (\"x\"; . + .) | length",
                "reduce range(40) as $i ([1]; . + .) | length",
                "reduce range(64) as $i (1; [., .]) | tojson | length",
                "reduce range(1000) as $i (null; [.])",
                "\"x\" * 1000000000 | length",
                "null | .[1000000000] = 1",
                "null | setpath([1000000000]; 1)",
                "[range(500000)] | indices([range(250000)])",
                "\"xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx!xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx\" | gsub(\"(.*)(.*)(.*)(.*)(.*)(.*)(.*)z\"; \"\")",
                "[range(100000)] | join(\"x\" * 1000000)",
                "try last(range(1e12)) catch 1",
                "last(range(1e12))? // 3",
                "[limit(1e9; repeat(1))] | length",
                "fromstream(repeat([[0], 1]))",
                "[skip(1e12; range(1e13))]",
                "[range(999999)] | combinations(3)",
                "0 | strftime(\"%A\" * 1000000)",
                "def f(x): f(x + 1); f(1)",
                "[recurse([., .])] | length"
            })
    void endsWhatRunsAway(String expression) throws Exception {
        long begin = System.nanoTime();

        assertThatThrownBy(() -> eval(expression, "1")).isInstanceOf(ExpressionException.class);

        assertThat(Duration.ofNanos(System.nanoTime() - begin)).isLessThan(Duration.ofSeconds(8));
        // The thread is free again, and what it does next has a budget of its own.
        assertThat(eval("[range(1000)] | length", "1")).isEqualTo(json("1000"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "now",
                "env",
                "$ENV",
                "$ENV.HOME",
                "$__loc__",
                "input",
                "inputs",
                "stderr",
                "input_filename",
                "import \"a\" as a; 1",
                ".a +",
                "selct(.x)",
                "map(1; 2)",
                "@nothing"
            })
    void refusesWhatIsBrokenOrImpure(String expression) {
        List<String> broken = new ArrayList<>();

        Templates.expression(
                expression, "/x", (pointer, message) -> broken.add(pointer + " " + message));

        assertThat(broken).hasSize(1);
    }

    @Test
    void fillsTemplatesAndLeavesPlainTextAlone() throws Exception {
        JsonNode template = json("{\"a\": \"${ .x }\", \"b\": [\"plain ${ .x }\", \"${ .y }\"]}");

        JsonNode filled =
                Templates.value(template, "", (pointer, message) -> {})
                        .evaluate(json("{\"x\": 1, \"y\": 2}"), Arguments.NONE);

        assertThat(filled).isEqualTo(json("{\"a\": 1, \"b\": [\"plain ${ .x }\", 2]}"));
    }

    @Test
    void fillsUriTemplates() throws Exception {
        JsonNode filled =
                Templates.uri("https://x.example/{id}/{none}", "", (pointer, message) -> {})
                        .evaluate(json("{\"id\": \"a b/c\"}"), Arguments.NONE);

        assertThat(filled.asText()).isEqualTo("https://x.example/a%20b%2Fc/");
    }
}
