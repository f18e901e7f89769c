package dev.gantry.orchestrator.definition.document;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.gantry.orchestrator.definition.Problem;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class SourceReaderTest {
    private static Source read(String text) {
        return SourceReader.read(text.getBytes(UTF_8));
    }

    private static JsonNode value(String text) {
        Source source = read("v: " + text + "\n");
        assertThat(source.problems()).as(text).isEmpty();
        return source.root().get("v");
    }

    private static Problem only(String text) {
        List<Problem> problems = read(text).problems();
        assertThat(problems).as(text).hasSize(1);
        return problems.getFirst();
    }

    /** The core schema of YAML 1.2.2, 10.3.2. */
    @ParameterizedTest
    @CsvSource({
        "0, 0",
        "-0, 0",
        "+12, 12",
        "-19, -19",
        "0008, 8",
        "08, 8",
        "0123, 123",
        "-007, -7",
        "0o17, 15",
        "0o7777777777777777777777, 73786976294838206463",
        "0x1F, 31",
        "0xDeadBeef, 3735928559",
        "0xFFFFFFFFFFFFFFFFFFFF, 1208925819614629174706175",
        "123456789012345678901234567890, 123456789012345678901234567890",
        "1.10, 1.10",
        ".5, 0.5",
        "-.5, -0.5",
        "5., 5",
        "1e3, 1E+3",
        "+12e03, 1.2E+4",
        "-2E+05, -2E+5",
        "3.14159265358979323846264338327950288, 3.14159265358979323846264338327950288",
        "!!int 5, 5",
        "!!int '5', 5",
        "!!int '0o17', 15",
        "!!float 5, 5",
        "!!float '1.50', 1.50",
    })
    void readsNumbersWithAllTheirDigits(String written, String number) {
        JsonNode value = value(written);

        assertThat(value.isNumber()).as(written).isTrue();
        assertThat(value.decimalValue()).hasToString(number);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "yes",
                "no",
                "on",
                "off",
                "Yes",
                "NO",
                "y",
                "n",
                "tRUE",
                "nULL",
                "1_000",
                "0b1",
                "0b11",
                "-0o17",
                "+0x1F",
                "0o8",
                "0xG",
                "0O17",
                "0X1F",
                "12:34:56",
                "10:30",
                "190:20:30",
                "2001-12-14",
                "2024-02-30",
                "2001-12-14t21:59:43.10-05:00",
                "1.2.3",
                "1e",
                "e3",
                "+",
                "-.",
                "inf",
                "nan",
                ".info",
                "0008a",
                "=",
                "+.nan",
                "TrueX"
            })
    void takesTheRestForText(String written) {
        JsonNode value = value(written);

        assertThat(value.isTextual()).as(written).isTrue();
        assertThat(value.textValue()).isEqualTo(written);
    }

    @ParameterizedTest
    @CsvSource({
        "~, null",
        "null, null",
        "Null, null",
        "NULL, null",
        "'', null",
        "!!null '', null",
        "!!null 'null', null",
        "true, true",
        "True, true",
        "TRUE, true",
        "false, false",
        "False, false",
        "FALSE, false",
        "!!bool 'true', true",
    })
    void readsNullAndTruth(String written, String json) {
        assertThat(value(written)).hasToString(json);
    }

    @ParameterizedTest
    @CsvSource({
        "!!str 5, 5",
        "!!str true, true",
        "!!str, ''",
        "'! 12', 12",
        "'''5''', 5",
        "'''null''', null",
    })
    void readsTextThatIsMarkedAsText(String written, String text) {
        JsonNode value = value(written);

        assertThat(value.isTextual()).as(written).isTrue();
        assertThat(value.textValue()).isEqualTo(text);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "!secret db-password",
                "!Ref Bucket",
                "!include other.yaml",
                "!env HOME",
                "!!binary aGk=",
                "!!timestamp 2001-12-14",
                "!!merge x",
                "!!set {a: null}",
                "!!omap [a: 1]",
                "!Sub {a: 1}",
                "!GetAtt [a, b]",
                "!<tag:example.com,2020:x> 1",
                "!!str {a: 1}",
                "!!map x"
            })
    void refusesTagsThatItDoesNotKnow(String written) {
        Problem problem = only("a: 1\nv: " + written + "\n");

        assertThat(problem.code()).isEqualTo("unknown-tag");
        assertThat(problem.pointer()).isEqualTo("/v");
        assertThat(problem.line()).isEqualTo(2);
        String tag = written.split(" ", 2)[0];
        assertThat(problem.message())
                .contains("'" + (tag.startsWith("!<") ? "tag:example.com,2020:x" : tag) + "'");
    }

    @Test
    void refusesTagsOfKeysToo() {
        assertThat(only("!secret a: 1\n").code()).isEqualTo("unknown-tag");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                ".inf",
                "-.inf",
                "+.Inf",
                ".INF",
                ".nan",
                ".NaN",
                ".NAN",
                "!!float .inf",
                "!!int 1.5",
                "!!int x",
                "!!int 1_000",
                "!!float x",
                "!!bool yes",
                "!!null x",
                "1e1001",
                "-1e99999999999",
                "1e-2000"
            })
    void refusesWhatIsNoValueOfJson(String written) {
        Problem problem = only("v: " + written + "\n");

        assertThat(problem.code()).isEqualTo("invalid-value");
        assertThat(problem.pointer()).isEqualTo("/v");
        assertThat(problem.suggestion()).isNotNull();
    }

    @Test
    void refusesNumbersThatAreTooLongInBothFormats() {
        String digits = "1".repeat(1_000);

        assertThat(read("v: " + digits).root().get("v").asText()).isEqualTo(digits);
        assertThat(read("{\"v\": " + digits + "}").root().get("v").asText()).isEqualTo(digits);
        assertThat(only("v: " + digits + "1").message()).contains("1001 characters");
        assertThat(only("{\"v\": " + digits + "1}").message()).contains("1001 characters");
        assertThat(only("{\"v\": 1e1001}").pointer()).isEqualTo("/v");
    }

    @Test
    void readsFilesOfOtherEditors() {
        assertThat(read("\uFEFF{\"u\": \"http:\\/\\/a\"}").root().get("u").textValue())
                .isEqualTo("http://a");
        assertThat(read("\uFEFFu: ż\r\nb: |\r\n  one\r\n  two\r\n").root())
                .hasToString("{\"u\":\"ż\",\"b\":\"one\\ntwo\\n\"}");
    }

    @Test
    void readsAliasesAsOftenAsTheyStand() {
        StringBuilder text = new StringBuilder("a: &a {x: 1}\nlist:\n");
        text.repeat("  - *a\n", 5_000);

        Source source = read(text.toString());

        assertThat(source.problems()).isEmpty();
        assertThat(source.root().get("list")).hasSize(5_000);
    }

    @Test
    void countsWhatAliasesStandFor() {
        StringBuilder text = new StringBuilder("a0: &a0 [1, 1]\n");
        for (int i = 1; i < 40; i++) {
            text.append("a%d: &a%d [*a%d, *a%d]\n".formatted(i, i, i - 1, i - 1));
        }

        assertThat(only(text.toString()).code()).isEqualTo("document-too-large");
        assertThat(only("a: &a [*a]\n").code()).isEqualTo("nested-too-deeply");
    }

    /** Places are found at any depth, and what is too deep is refused where it begins to be. */
    @ParameterizedTest
    @ValueSource(ints = {901, 5_000, 100_000})
    void refusesWhatIsNestedTooDeeplyWhereItIs(int levels) {
        for (String text :
                List.of(
                        "{\"v\": " + "[".repeat(levels) + "]".repeat(levels) + "}",
                        "v: " + "[".repeat(levels) + "]".repeat(levels),
                        "{\"v\": " + "{\"a\":".repeat(levels) + "1" + "}".repeat(levels) + "}")) {
            Problem problem = only(text);

            assertThat(problem.code()).isEqualTo("nested-too-deeply");
            assertThat(problem.pointer()).startsWith("/v/");
            assertThat(problem.line()).isEqualTo(1);
            assertThat(problem.column()).isGreaterThan(900);
        }
    }

    @Test
    void readsWhatIsNestedDeeply() {
        String text = "{\"v\": " + "[".repeat(898) + "]".repeat(898) + "}";

        assertThat(read(text).problems()).isEmpty();
        assertThat(read("#\n" + text).problems()).isEmpty();
    }

    /** A path of half a megabyte above each of many values must not be kept with each of them. */
    @Test
    void isNotTiredByLongPaths() {
        String name = "n".repeat(300);
        String begin = ("{\"" + name + "\":").repeat(100);
        String text = begin + "[" + "1,".repeat(90_000) + "1]" + "}".repeat(100);

        assertThat(read(text).problems()).isEmpty();
        assertThat(only(text.replace(name, name + name)).code()).isEqualTo("nested-too-deeply");
    }

    @Test
    void saysPlacesOfNamesThatArePointersThemselves() {
        Source source = read("a/b:\n  c~d: 1\n");

        assertThat(source.place("/a~1b/c~0d")).isEqualTo(new Place(2, 3));
        assertThat(source.place("/a~1b/other/x")).isEqualTo(new Place(1, 1));
        assertThat(source.place("")).isEqualTo(new Place(1, 1));
    }
}
