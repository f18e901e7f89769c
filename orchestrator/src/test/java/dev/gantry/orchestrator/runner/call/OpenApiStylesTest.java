package dev.gantry.orchestrator.runner.call;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.fasterxml.jackson.databind.JsonNode;
import dev.gantry.orchestrator.id.Json;
import dev.gantry.spi.Failure;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Parameters and bodies as an operation of a document has them written. */
class OpenApiStylesTest {
    private static final URI FROM = URI.create("http://h/api.json");

    private static JsonNode json(String text) {
        try {
            return Json.read(text.getBytes(StandardCharsets.UTF_8));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** What is sent for one operation. */
    private static JsonNode request(String document, String given) throws CallFailed {
        return OpenApiOperation.request(
                json(document),
                FROM,
                json(
                        "{\"openapi\": {\"operationId\": \"op\", \"parameters\": %s}}"
                                .formatted(given)));
    }

    private static String path(String parameter, String value) throws CallFailed {
        return endpoint("/{color}", "path", parameter, value).substring("http://h/".length());
    }

    private static String endpoint(String path, String in, String parameter, String value)
            throws CallFailed {
        return request(three(path, in, parameter, "{}"), "{\"color\": %s}".formatted(value))
                .path("endpoint")
                .textValue();
    }

    private static String three(String path, String in, String parameter, String more) {
        return """
        {"openapi": "3.1.1", "paths": {"%s": {"post": {"operationId": "op",
         "parameters": [{"name": "color", "in": "%s" %s}], "requestBody": %s}}}}
        """
                .formatted(path, in, parameter, more);
    }

    private static String query(String parameter, String value) throws CallFailed {
        return endpoint("/x", "query", parameter, value).substring("http://h/x".length());
    }

    private static String styled(String style, boolean explode) {
        return ", \"style\": \"%s\", \"explode\": %b".formatted(style, explode);
    }

    private static final String ARRAY = "[\"blue\", \"black\", \"brown\"]";
    private static final String OBJECT = "{\"R\": 100, \"G\": 200, \"B\": 150}";

    /** The table of OpenAPI 3.1.1, "Style Examples"; {@code -} where it has none. */
    @ParameterizedTest
    @CsvSource({
        "matrix, false, ;color, ;color=blue, ';color=blue,black,brown', ';color=R,100,G,200,B,150'",
        "matrix, true, ;color, ;color=blue, ;color=blue;color=black;color=brown, ;R=100;G=200;B=150",
        "label, false, ., .blue, '.blue,black,brown', '.R,100,G,200,B,150'",
        "label, true, ., .blue, .blue.black.brown, .R=100.G=200.B=150",
        "simple, false, '', blue, 'blue,black,brown', 'R,100,G,200,B,150'",
        "simple, true, '', blue, 'blue,black,brown', 'R=100,G=200,B=150'",
        "form, false, ?color=, ?color=blue, '?color=blue,black,brown', '?color=R,100,G,200,B,150'",
        "form, true, ?color=, ?color=blue, ?color=blue&color=black&color=brown, ?R=100&G=200&B=150",
        "spaceDelimited, false, -, -, ?color=blue%20black%20brown, ?color=R%20100%20G%20200%20B%20150",
        "pipeDelimited, false, -, -, ?color=blue%7Cblack%7Cbrown, ?color=R%7C100%7CG%7C200%7CB%7C150",
        "deepObject, true, -, -, -, ?color%5BR%5D=100&color%5BG%5D=200&color%5BB%5D=150",
    })
    void writesAsTheTableSays(
            String style, boolean explode, String empty, String text, String array, String object)
            throws CallFailed {
        String parameter = styled(style, explode);
        boolean inPath = style.matches("matrix|label|simple");
        String[] values = {"\"\"", "\"blue\"", ARRAY, OBJECT};
        String[] expected = {empty, text, array, object};
        for (int i = 0; i < values.length; i++) {
            if (!expected[i].equals("-")) {
                assertThat(inPath ? path(parameter, values[i]) : query(parameter, values[i]))
                        .isEqualTo(expected[i]);
            }
        }
    }

    @Test
    void takesTheStandardsDefaults() throws CallFailed {
        assertThat(path("", ARRAY)).isEqualTo("blue,black,brown");
        assertThat(path("", OBJECT)).isEqualTo("R,100,G,200,B,150");
        assertThat(query("", ARRAY)).isEqualTo("?color=blue&color=black&color=brown");
        assertThat(query("", OBJECT)).isEqualTo("?R=100&G=200&B=150");
        assertThat(query(", \"explode\": false", ARRAY)).isEqualTo("?color=blue,black,brown");
        assertThat(query(", \"style\": \"pipeDelimited\"", ARRAY))
                .isEqualTo("?color=blue%7Cblack%7Cbrown");
        assertThat(query(", \"style\": \"deepObject\"", OBJECT))
                .isEqualTo("?color%5BR%5D=100&color%5BG%5D=200&color%5BB%5D=150");
    }

    @Test
    void escapesWhatIsInAValue() throws CallFailed {
        assertThat(query(", \"explode\": false", "[\"a,b\", \"c d&ü~\"]"))
                .isEqualTo("?color=a%2Cb,c%20d%26%C3%BC~");
        assertThat(path(styled("matrix", true), "{\"a;\": \"b=/\", \"c\": \"\"}"))
                .isEqualTo(";a%3B=b%3D%2F;c");
        assertThat(query(", \"allowReserved\": true", "\"/a?b=c&d#e[1] 100%25 5%\""))
                .isEqualTo("?color=/a?b=c&d%23e%5B1%5D%20100%25%205%25");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "null", "[]", "{}", "[null]",
            })
    void writesNothingWhereThereIsNothing(String value) throws CallFailed {
        assertThat(query("", value)).isEmpty();
        assertThat(query(", \"explode\": false", value)).isEmpty();
        assertThat(sent("header", "", value).path("headers").isEmpty()).isTrue();
        assertThat(sent("cookie", "", value).path("headers").isEmpty()).isTrue();
    }

    @Test
    void leavesNoHoleInAPath() {
        assertThat(refusal(() -> path(", \"required\": true", "[]")))
                .contains("needs the parameter 'color'");
        assertThat(refusal(() -> path(", \"required\": true", "null")))
                .contains("needs the parameter 'color'");
    }

    private static JsonNode sent(String in, String parameter, String value) throws CallFailed {
        return request(three("/x", in, parameter, "{}"), "{\"color\": %s}".formatted(value));
    }

    private static String header(String in, String name, String parameter, String value)
            throws CallFailed {
        return sent(in, parameter, value).path("headers").path(name).textValue();
    }

    @Test
    void writesHeadersAndCookies() throws CallFailed {
        assertThat(header("header", "color", "", ARRAY)).isEqualTo("blue,black,brown");
        assertThat(header("header", "color", "", OBJECT)).isEqualTo("R,100,G,200,B,150");
        assertThat(header("header", "color", ", \"explode\": true", OBJECT))
                .isEqualTo("R=100,G=200,B=150");
        assertThat(header("header", "color", "", "\"a b/c\"")).isEqualTo("a b/c");
        assertThat(header("cookie", "Cookie", "", "\"a b;\"")).isEqualTo("color=a%20b%3B");
        assertThat(header("cookie", "Cookie", ", \"explode\": false", ARRAY))
                .isEqualTo("color=blue,black,brown");
        assertThat(header("cookie", "Cookie", "", OBJECT)).isEqualTo("R=100; G=200; B=150");
    }

    @Test
    void writesParametersOfAMediaType() throws CallFailed {
        String json = ", \"content\": {\"application/json\": {}}";
        assertThat(query(json, "{\"a\": [1, \"x y\"]}"))
                .isEqualTo("?color=%7B%22a%22%3A%5B1%2C%22x%20y%22%5D%7D");
        assertThat(query(json, "\"t\"")).isEqualTo("?color=%22t%22");
        assertThat(path(json, "[1]")).isEqualTo("%5B1%5D");
        assertThat(header("header", "color", json, "{\"a\": 1}")).isEqualTo("{\"a\":1}");
        String text = ", \"content\": {\"text/plain\": {}}";
        assertThat(query(text, "\"a,b\"")).isEqualTo("?color=a%2Cb");
        assertThat(refusal(() -> query(text, "[1]"))).contains("text/plain").contains("as text");
    }

    @ParameterizedTest
    @CsvSource({
        "query, csv, '?c=a,b%20c'",
        "query, ssv, '?c=a%20b%20c'",
        "query, tsv, '?c=a%09b%20c'",
        "query, pipes, '?c=a%7Cb%20c'",
        "query, multi, '?c=a&c=b%20c'",
        "path, csv, '/a,b%20c'",
        "path, pipes, '/a%7Cb%20c'",
        "header, csv, 'a,b c'",
        "header, ssv, 'a b c'",
        "header, pipes, 'a|b c'",
        "formData, csv, 'c=a,b%20c'",
        "formData, multi, 'c=a&c=b%20c'",
    })
    void writesListsAsSwaggerHasThem(String in, String format, String expected) throws CallFailed {
        JsonNode request = request(two(in, format, "[]"), "{\"c\": [\"a\", \"b c\"]}");

        String endpoint = request.path("endpoint").textValue().substring("http://h".length());
        assertThat(
                        switch (in) {
                            case "query" -> endpoint.substring("/x/{c}".length() - 4);
                            case "path" -> endpoint.substring("/x".length());
                            case "header" -> request.path("headers").path("c").textValue();
                            default -> request.path("body").textValue();
                        })
                .isEqualTo(expected);
    }

    private static String two(String in, String format, String consumes) {
        return """
        {"swagger": "2.0", "paths": {"/x%s": {"post": {"operationId": "op", "consumes": %s,
         "parameters": [{"name": "c", "in": "%s", "type": "array", "collectionFormat": "%s"}]}}}}
        """
                .formatted(in.equals("path") ? "/{c}" : "", consumes, in, format);
    }

    @Test
    void refusesWhatHasNoForm() {
        assertThat(refusal(() -> query(styled("deepObject", true), "[1]")))
                .contains("'color'", "'op'", "takes an object");
        assertThat(refusal(() -> query(styled("deepObject", true), "{\"a\": [1]}")))
                .contains("lists and objects within others");
        assertThat(refusal(() -> query("", "[[1]]"))).contains("lists and objects within others");
        assertThat(refusal(() -> query(styled("matrix", true), "1")))
                .contains("in 'query'", "'matrix'");
        assertThat(refusal(() -> path(styled("wavy", true), "1"))).contains("'wavy'");
        assertThat(refusal(() -> request(two("path", "multi", "[]"), "{\"c\": [1]}")))
                .contains("'multi'");
        assertThat(refusal(() -> request(two("query", "odd", "[]"), "{\"c\": [1]}")))
                .contains("'odd'");
    }

    private static JsonNode body(String content, String body) throws CallFailed {
        return request(
                three("/x", "query", "", "{\"content\": %s}".formatted(content)),
                "{\"body\": %s}".formatted(body));
    }

    @Test
    void writesFormsAsTheirEncodingSays() throws CallFailed {
        JsonNode sent =
                body(
                        """
                        {"multipart/form-data": {}, "application/x-www-form-urlencoded": {"encoding": {
                          "csv": {"explode": false}, "deep": {"style": "deepObject"},
                          "raw": {"allowReserved": true}, "doc": {"contentType": "application/json"}}}}
                        """,
                        """
                        {"a": "x y", "list": [1, 2], "object": {"b": 1}, "none": null, "csv": ["p", "q,"],
                         "deep": {"r": {"s": true}}, "raw": "http://h/", "doc": [1]}
                        """);

        assertThat(sent.path("headers").path("Content-Type").textValue())
                .isEqualTo("application/x-www-form-urlencoded");
        assertThat(sent.path("body").textValue())
                .isEqualTo(
                        "a=x%20y&list=1&list=2&object=%7B%22b%22%3A1%7D&csv=p,q%2C"
                                + "&deep%5Br%5D%5Bs%5D=true&raw=http://h/&doc=%5B1%5D");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{\"application/json\": {}} | {\"a\": 1} | application/json | {\"a\":1}",
                "{\"application/json\": {}} | \"[1]\" | application/json | \"[1]\"",
                "{\"application/json\": {\"schema\": {\"type\": \"string\"}}} | \"[1]\""
                        + " | application/json | \"\\\"[1]\\\"\"",
                "{\"application/merge-patch+json\": {}} | {} | application/merge-patch+json | {}",
                "{\"*/*\": {}} | [1] | application/json | [1]",
                "{\"application/xml\": {}, \"application/json\": {}} | {} | application/json | {}",
                "{\"application/xml\": {}, \"application/json\": {}} | \"<a/>\" | application/xml | \"<a/>\"",
                "{\"text/csv\": {}} | \"a;b\" | text/csv | \"a;b\"",
            })
    void choosesTheMediaType(String content, String body, String type, String sent)
            throws CallFailed {
        JsonNode request = body(content, body);
        assertThat(request.path("headers").path("Content-Type").textValue()).isEqualTo(type);
        assertThat(request.path("body")).isEqualTo(json(sent));
    }

    @Test
    void refusesBodiesThatItCannotWrite() {
        assertThat(refusal(() -> body("{\"multipart/form-data\": {}}", "{\"f\": 1}")))
                .contains("multipart/form-data");
        assertThat(refusal(() -> body("{\"application/xml\": {}}", "{\"f\": 1}")))
                .contains("application/xml", "as text");
        assertThat(
                        refusal(() ->
                                request(
                                        two("formData", "csv", "[\"multipart/form-data\"]"),
                                        "{\"c\": [1]}")))
                .contains("multipart/form-data");
    }

    @Test
    void givesOneValueToAllParametersOfItsName() throws CallFailed {
        JsonNode request =
                request(
                        """
                        {"openapi": "3.0.3", "paths": {"/x/{id}": {"get": {"operationId": "op", "parameters": [
                          {"name": "id", "in": "path", "required": true}, {"name": "id", "in": "header"}]}}}}
                        """,
                        "{\"id\": 7}");
        assertThat(request.path("endpoint").textValue()).isEqualTo("http://h/x/7");
        assertThat(request.path("headers").path("id").textValue()).isEqualTo("7");
    }

    private interface Attempted {
        Object attempt() throws CallFailed;
    }

    private static String refusal(Attempted attempted) {
        CallFailed failed = catchThrowableOfType(CallFailed.class, attempted::attempt);
        assertThat(failed.failure().code()).isEqualTo(Failure.Code.INVALID_WORKLOAD);
        assertThat(failed.failure().progress()).isEqualTo(Failure.Progress.NEVER_STARTED);
        return failed.failure().message();
    }
}
