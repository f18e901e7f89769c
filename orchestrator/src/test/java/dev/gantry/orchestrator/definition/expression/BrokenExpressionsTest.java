package dev.gantry.orchestrator.definition.expression;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Locale;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** What is wrong with an expression, and with which value it failed, is said in words of ours. */
class BrokenExpressionsTest {

    @ParameterizedTest
    @CsvSource(
            delimiterString = " ~ ",
            ignoreLeadingAndTrailingWhitespace = false,
            quoteCharacter = '\0',
            value = {
                ".a == 'x' ~ at column 7: a text stands in double quotes, not in single ones",
                ".a && .b ~ at column 4: '&&' is not of jq; write 'and'",
                ".a || .b ~ at column 5: a value is expected, and not '|'; '||' is not of jq; write 'or'",
                "!.a ~ at column 1: '!' is not of jq; write 'not' behind the value",
                ".a = 1 = 2 ~ at column 8: '=' cannot follow another '=' directly",
                "1 < .a < 3 ~ at column 8: '<' cannot follow another '<' directly; put one of them in parentheses",
                ".a === 1 ~ at column 6: a value is expected, and not '='; '=' sets a value; write '=='",
                "(1 + 2 ~ at column 7: ')' is expected, to go with the '(' at character 1, and not the end",
                "[1, 2 ~ at column 6: ']' is expected, to go with the '[' at character 1",
                "{a: 1 ~ at column 6: '}' is expected, to go with the '{' at character 1",
                "[1, 2) ~ at column 6: ']' is expected, to go with the '[' at character 1, and not ')'",
                "\"abc ~ at column 1: the text that begins here has no closing '\"'",
                "\"a\\x\" ~ at column 3: '\\x' means nothing in a text; write '\\\\' for a backslash",
                "[1,] ~ at column 4: a value is expected, and not ']'",
                "map(.a, ) ~ at column 9: a value is expected, and not ')'",
                ".a. ~ at column 4: a name, a text or '[' is expected behind '.', and not the end",
                ".a + ~ at column 5: a value is expected, and not the end of the expression",
                "if .a then 1 ~ at column 13: 'end' is expected, to go with the 'if' at character 1",
                "if .a 1 else 2 end ~ at column 7: 'then' is expected, and not '1'",
                ". as x | x ~ at column 6: a variable as '$x', or '[' or '{' of a pattern is expected, and not 'x'",
                ". as [$a] ?// $a | $a ~ at column 11: '?//' is not supported",
                "reduce .[] as $x (0) ~ at column 20: ';' is expected, and not ')'",
                "break $out ~ at column 7: there is no 'label $out |' around it",
                "selct(.a) ~ at column 1: function 'selct' is unknown; did you mean 'select'?",
                "map(1; 2) ~ at column 1: function 'map' takes 1 argument, separated by ';', and not 2",
                "map(1, ~ at column 7: a value is expected",
                "@base46 ~ at column 1: the format '@base46' is unknown; did you mean 'base64'?",
                "{(1): 2} ~ at column 2: number (1) cannot be the name of a member, which is a text",
                "now ~ at column 1: 'now' is not available: expressions depend on their input alone",
                "import \"a\" as a; 1 ~ at column 1: there are no modules to import here",
                ".a .b c ~ at column 7: the expression ends, or an operator follows, and not 'c'",
                ".größe ~ at column 4: .[\"ö\"] is how a member with such a name is written",
                "“a” ~ at column 1: a text stands in plain double quotes, not in '“'",
                "undefined ~ at column 1: function 'undefined' is unknown; write 'null'",
                ".a |\\n  .b = = 3 ~ at line 2, column 8: a value is expected, and not '='",
            })
    void saysWhatIsBrokenAndWhere(String program, String reason) {
        assertThat(Evaluations.result(program.replace("\\n", "\n"), "null"))
                .startsWith("! the expression is broken at ")
                .contains(reason);
    }

    @ParameterizedTest
    @CsvSource(
            delimiterString = " ~ ",
            quoteCharacter = '\0',
            value = {
                "tonumber ~ \"12a\" ~ string (\"12a\") is no number",
                "tonumber ~ [1] ~ array ([1]) cannot be made a number",
                "fromjson ~ \"{a:1}\" ~ string (\"{a:1}\") is no JSON from character 2 on",
                "fromjson ~ \"\" ~ is no JSON, but empty",
                "fromjson ~ \"1 2\" ~ string (\"1 2\") is no JSON",
                "fromdate ~ \"2024-02-30T00:00:00Z\" ~ the date \"2024-02-30T00:00:00Z\" does not exist",
                "fromdate ~ \"tomorrow\" ~ the date \"tomorrow\" does not match the format \"%Y-%m-%dT%H:%M:%SZ\"",
                "strftime(\"%Q\") ~ 0 ~ '%Q' is no date format",
                "todate ~ \"x\" ~ string (\"x\")",
                ".a.b ~ {\"a\":1} ~ cannot index number (1) with \"b\"",
                ".a.b | . ~ {\"a\":1} ~ cannot index number (1) with \"b\"",
                ".[] | . ~ 5 ~ cannot iterate over number (5)",
                ". + 1 ~ \"x\" ~ string (\"x\") and number (1) cannot be added",
                ". / 0 ~ 3 ~ number (3) cannot be divided by zero",
                ". % 0.5 ~ 3 ~ number (3) has no remainder when divided by number (0.5)",
                "-. ~ \"x\" ~ string (\"x\") cannot be negated",
                "ltrimstr(1) | test(\"(\") ~ \"a\" ~ \"(\" is no regular expression: Unclosed group",
                "test(\"a\"; \"q\") ~ \"a\" ~ 'q' is no flag of a regular expression; they are g, i, l, n, p, s and x",
                "test(1) ~ \"a\" ~ number (1) cannot be a regular expression, as it is no text",
                "keys ~ null ~ null has no keys",
                "sort ~ {} ~ object ({}) cannot be sorted, as it is no array",
                "implode ~ [\"a\"] ~ string (\"a\") is no code point",
                "join(\",\") ~ [[1]] ~ array ([1]) cannot be joined to a text",
                "@csv ~ [[1]] ~ array ([1]) cannot be a field of @csv",
                "@base64d ~ \"!\" ~ string (\"!\") is no base64",
                "{(.): 1} ~ 1 ~ number (1) cannot be the name of a member",
                "error ~ {\"a\":1} ~ it raises the error {\"a\":1}",
                "error(\"own\") ~ 1 ~ : own",
                "path(1) ~ null ~ number (1) is made by the expression and so has no path",
                "$x ~ null ~ $x is not defined here",
                ".[:\"a\"] ~ [1] ~ string (\"a\") is no bound of a slice",
                "{a: ([range(100)] | .b)} ~ 1 ~ cannot index array ([0,1,2,3,4,5,6,7,8,9,10,11,12,13,14,15,16,17,18,19,20,21,22,…) with \"b\"",
            })
    void saysWhichValueFailed(String program, String input, String reason) {
        assertThat(Evaluations.result(program, input))
                .startsWith("! expression '")
                .contains(reason);
    }

    static Stream<String> functions() {
        return Evaluations.json(Evaluations.result("builtins", "null"))
                .valueStream()
                .map(signature -> signature.textValue());
    }

    /** Whatever a function is given, what comes out is a value or a sentence of ours. */
    @ParameterizedTest
    @MethodSource("functions")
    void showsNothingOfTheInside(String signature) {
        String name = signature.substring(0, signature.indexOf('/'));
        int arity = Integer.parseInt(signature.substring(signature.indexOf('/') + 1));
        for (String argument :
                new String[] {".", "1", "\"a\"", "[.]", "{a: .}", "-1", "null", "nan"}) {
            String call =
                    arity == 0
                            ? name
                            : name
                                    + "("
                                    + String.join(
                                            ";", java.util.Collections.nCopies(arity, argument))
                                    + ")";
            for (String input :
                    new String[] {
                        "null", "1", "-0.5", "\"a\"", "[1]", "[[\"a\"]]", "{\"a\":null}", "true"
                    }) {
                String result = Evaluations.result("first(" + call + ")", input);

                assertThat(result.toLowerCase(Locale.ROOT))
                        .as("%s on %s", call, input)
                        .doesNotContain(
                                "exception", "jackson", "com.", "java", "n/a", "class ", "! null");
            }
        }
    }
}
