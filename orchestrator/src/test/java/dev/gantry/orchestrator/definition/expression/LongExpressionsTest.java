package dev.gantry.orchestrator.definition.expression;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.IntFunction;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Expressions of every shape, as long as they may be, run whatever stack their caller has left. */
class LongExpressionsTest {
    private static final String INPUT = "{\"a\":1,\"b\":false}";

    /** Stacks of callers; the smallest is less than any server thread has. */
    private static final long[] STACKS = {256L << 10, 8L << 20};

    private static Arguments shape(String name, IntFunction<String> program, Object expected) {
        return Arguments.of(name, program, String.valueOf(expected));
    }

    private static IntFunction<String> chain(String part, String between) {
        return n -> String.join(between, java.util.Collections.nCopies(n, part));
    }

    private static IntFunction<String> nested(String before, String inner, String after) {
        return n -> before.repeat(n) + inner + after.repeat(n);
    }

    private static IntFunction<String> members(String value, String after) {
        return n ->
                IntStream.range(0, n)
                        .mapToObj(i -> "a" + i + ":" + value)
                        .collect(Collectors.joining(",", "{", "}" + after));
    }

    static Stream<Arguments> shapes() {
        return Stream.of(
                shape("sum", chain("1", "+"), 8192),
                shape("sum of members", chain(".a", "+"), 5461),
                shape("sum of generators", chain("(1,empty)", "+"), 1638),
                shape("and", chain(".a", " and "), true),
                shape("or", chain(".b", " or "), false),
                shape("pipe", chain(".", "|"), INPUT),
                shape("pipe of updates", chain(".a=1", "|"), INPUT),
                shape("alternatives", chain("null", "//"), "null"),
                shape("comma", n -> "[" + chain(".a", ",").apply(n) + "]|length", 5458),
                shape("list", n -> "[" + chain("1", ",").apply(n) + "]|add", 8189),
                shape("object", members("1", "|length"), 2185),
                shape("object of generators", members("(1,empty)", "|length"), 1092),
                shape("text", n -> "\"" + "\\(.a)".repeat(n) + "\"|length", 3275),
                shape("elif", n -> "if .b then 1" + " elif .b then 1".repeat(n) + " else 3 end", 3),
                shape("if", nested("if .a then ", "1", " else 0 end"), 1),
                shape("if without else", nested("if .a then ", "1", " end"), 1),
                shape("parentheses", nested("(", "1", ")"), 1),
                shape("comparisons", nested("(", "1", "==1)"), false),
                shape("minus", nested("-", ".a", ""), 1),
                shape("variables", nested(".a as $x|", "$x", ""), 1),
                shape("functions", nested("def f:1;", "f", ""), 1),
                shape(
                        "parameters",
                        n ->
                                "def f("
                                        + chain("x", ";").apply(n / 2)
                                        + "):1;f("
                                        + chain("1", ";").apply(n / 2)
                                        + ")",
                        1),
                shape(
                        "functions within functions",
                        n -> "def f:".repeat(n) + "1" + ";1".repeat(n),
                        1),
                shape("calls within calls", nested("first(", ".a", ")"), 1),
                shape("labels", nested("label $f|", ".a", ""), 1),
                shape("try", nested("try ", ".a", ""), 1),
                shape("question marks", n -> ".a" + "?".repeat(n), 1),
                shape("texts within texts", nested("\"\\(", ".a", ")\""), "\"1\""),
                shape("indexes", n -> ".[".repeat(n) + "\"a\"" + "]?".repeat(n), "null"),
                shape(
                        "patterns",
                        n -> "null as " + "[".repeat(n) + "$x" + "]".repeat(n) + "|$x",
                        "null"),
                shape(
                        "wide pattern",
                        n -> "null as [" + chain("$x", ",").apply(n) + "]|$x",
                        "null"),
                shape("reductions", nested("reduce 1 as $x (0;", "1", ")"), 1),
                shape("selections", chain("select(.a)", "|"), INPUT));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("shapes")
    void runsAtEveryLength(String name, IntFunction<String> program, String expected)
            throws Exception {
        String longest = longest(program);
        List<String> results = new ArrayList<>();

        for (long stack : STACKS) {
            Thread caller =
                    Thread.ofPlatform()
                            .stackSize(stack)
                            .start(() -> results.add(Evaluations.result(longest, INPUT)));
            caller.join();
        }

        if (name.equals("minus")) {
            results.replaceAll(result -> result.replace("-", ""));
        }
        assertThat(results).as("%d characters", longest.length()).containsOnly(expected).hasSize(2);
    }

    private static String longest(IntFunction<String> program) {
        int low = 1;
        int high = Jq.MAX_LENGTH;
        while (low < high) {
            int middle = (low + high + 1) / 2;
            if (program.apply(middle).length() <= Jq.MAX_LENGTH) {
                low = middle;
            } else {
                high = middle - 1;
            }
        }
        return program.apply(low);
    }

    @Test
    void countsHowDeepARecursionIs() {
        Map<String, String> results =
                Map.of(
                        "def f: if . < 5000 then . + 1 | f else . end; 0 | f", "5000",
                        "last(range(0; 100000))", "99999",
                        "0 | until(. == 100000; . + 1)", "100000",
                        "[0 | recurse(if . < 10000 then . + 1 else empty end)] | length", "10001",
                        "[limit(10000; repeat(1))] | length", "10000",
                        "reduce range(400) as $i (1; [.]) | [recurse] | length", "401");

        results.forEach((program, expected) ->
                assertThat(Evaluations.result(program, "null")).as(program).isEqualTo(expected));
        assertThat(Evaluations.result("def f: f + 1; f", "null"))
                .contains("deeper than 50000 levels");
        assertThat(Evaluations.result("[[[[[1]]]]]" + "|[.]".repeat(600), "null"))
                .contains("nested deeper than 500 levels");
    }
}
