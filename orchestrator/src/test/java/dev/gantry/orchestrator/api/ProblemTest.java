package dev.gantry.orchestrator.api;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ProblemTest extends ApiTest {
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            textBlock =
                    """
                                {"definitoin": {}} | The body at /definitoin (line 1, column 19): unknown property 'definitoin'; did you mean 'definition'? Known are: correlationId, definition, input.
                                {"definition": {"name": "a", "xyz": 1}} | The body at /definition/xyz (line 1, column 39): unknown property 'xyz'. Known are: kind, name, namespace, version.
                                {"definition": "a"} | The body at /definition (line 1, column 16): an object is expected.
                                {"definition": {"namespace": "a"}} | The body has no 'definition/name'; expected is a string.
                                {"definition": {"kind": "worklow", "namespace": "a", "name": "b"}} | The body at /definition/kind is 'worklow'; expected is one of workflow, function; did you mean 'workflow'?
                                {} | The body has no 'definition'; expected is {namespace, name, version?}.
                                ` ` | The body is missing.
                                {"definition": {"namespace": "a", "name": "b", "version": 1}} | The body at /definition/version (line 1, column 59): a string is expected.
                    {"definition": {"namespace": "a", "name": "b", "version": {}}} | The body at /definition/version (line 1, column 59): a string is expected.
                    [] | The body (line 1, column 1): an object is expected.
                                {"input": {"a": 1, "a": 2}} | The body (line 1, column 23): this is no valid JSON: Duplicate Object property "a".
                                {"input": 1} x | The body (line 1, column 14): this is no valid JSON: Unrecognized token 'x': was expecting (JSON String, Number, Array, Object or token 'null', 'true' or 'false').
                                {"input": 1E99999} | The body at /input (line 1, column 11): the number 1E99999 has an exponent beyond 1000.
                    """)
    void saysWhatIsWrongWithABody(String body, String detail) {
        Answer answer = post("/v1/executions", body);

        assertThat(answer.status()).isEqualTo(400);
        assertThat(answer.code()).isEqualTo("BODY_INVALID");
        assertThat(answer.detail()).isEqualTo(detail);
    }

    @Test
    void refusesWhatIsNestedTooDeep() {
        String deep = "[".repeat(300) + "]".repeat(300);

        Answer answer = post("/v1/executions", start("quick", deep));

        assertThat(answer.status()).isEqualTo(400);
        assertThat(answer.detail()).contains("nesting depth").contains("200");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            textBlock =
                    """
                                stauts=running | PARAMETER_UNKNOWN | There is no query parameter 'stauts' here; did you mean 'status'? Known are: after, correlationId, definition, initiator, limit, startedAfter, startedBefore, status.
                                status=runing | PARAMETER_INVALID | The parameter 'status' is 'runing'; expected is one of pending, running, waiting, suspended, cancelled, faulted, completed; did you mean 'running'?
                                status=running&status=faulted | PARAMETER_INVALID | The query parameter 'status' is given 2 times; give it once.
                                limit=0 | PARAMETER_INVALID | The parameter 'limit' is '0'; expected is a whole number from 1 to 200.
                                limit=x | PARAMETER_INVALID | The parameter 'limit' is 'x'; expected is a whole number from 1 to 200.
                                after=no-number | CURSOR_INVALID | The parameter 'after' is 'no-number'; expected is the 'next' of the page before.
                    definition=order | PARAMETER_INVALID | The parameter 'definition' is 'order'; expected is namespace/name or namespace/name:version.
                    startedAfter=yesterday | PARAMETER_INVALID | The parameter 'startedAfter' is 'yesterday'; expected is a time such as 2026-07-29T12:00:00Z.
                    """)
    void saysWhatIsWrongWithAParameter(String query, String code, String detail) {
        Answer answer = get("/v1/executions?" + query);

        assertThat(answer.status()).isEqualTo(400);
        assertThat(answer.code()).isEqualTo(code);
        assertThat(answer.detail()).isEqualTo(detail);
    }

    @Test
    void refusesUnknownParametersWhereThereAreNone() {
        assertThat(get("/v1/adapters?x=1").detail())
                .isEqualTo("There is no query parameter 'x' here. Known are: none.");
    }

    @Test
    void knowsNothingOfOtherPlaces() {
        for (String path :
                new String[] {"/v1/nothing", "/nothing", "/v1/executions/x/y", "/index.html"}) {
            Answer answer = get(path);
            assertThat(answer.status()).isEqualTo(404);
            assertThat(answer.code()).isEqualTo("NOT_FOUND");
            assertThat(answer.detail()).contains(path).contains("/v3/api-docs");
        }
    }

    @Test
    void knowsNoExecutionOfAnotherForm() {
        for (String id : new String[] {"x", "1-1-1-1-1", "00000000-0000-7000-8000-000000000000"}) {
            Answer answer = get("/v1/executions/" + id);
            assertThat(answer.status()).isEqualTo(404);
            assertThat(answer.code()).isEqualTo("EXECUTION_NOT_FOUND");
            assertThat(answer.detail()).contains(id);
        }
    }

    @Test
    void saysWhichMethodsThereAre() {
        Answer answer = send(as(DEV_KEY, request("/v1/executions").DELETE()));

        assertThat(answer.status()).isEqualTo(405);
        assertThat(answer.code()).isEqualTo("METHOD_NOT_ALLOWED");
        assertThat(answer.header("Allow")).contains("GET").contains("POST");
    }

    @Test
    void saysWhichTypesThereAre() {
        Answer unsupported =
                send(
                        as(DEV_KEY, request("/v1/executions"))
                                .header("Content-Type", "text/csv")
                                .POST(BodyPublishers.ofString("a;b")));
        Answer unacceptable =
                send(as(DEV_KEY, request("/v1/executions")).header("Accept", "image/png"));

        assertThat(unsupported.status()).isEqualTo(415);
        assertThat(unsupported.code()).isEqualTo("MEDIA_TYPE_UNSUPPORTED");
        assertThat(unacceptable.status()).isEqualTo(406);
        assertThat(unacceptable.code()).isEqualTo("NOT_ACCEPTABLE");
        assertThat(unacceptable.header("Content-Type")).isEqualTo("application/problem+json");
    }

    @Test
    void refusesBodiesThatAreTooLarge() {
        byte[] large = new byte[4 * 1024 * 1024 + 1];
        Arrays.fill(large, (byte) ' ');

        Answer stated =
                send(
                        as(DEV_KEY, request("/v1/executions"))
                                .header("Content-Type", "application/json")
                                .POST(BodyPublishers.ofByteArray(large)));
        Answer chunked =
                send(
                        as(DEV_KEY, request("/v1/executions"))
                                .header("Content-Type", "application/json")
                                .POST(
                                        BodyPublishers.ofInputStream(
                                                () -> new java.io.ByteArrayInputStream(large))));

        for (Answer answer : new Answer[] {stated, chunked}) {
            assertThat(answer.status()).isEqualTo(413);
            assertThat(answer.code()).isEqualTo("BODY_TOO_LARGE");
            assertThat(answer.detail()).contains("4194304");
        }
    }

    @Test
    void refusesSuspiciousPathsAsProblems() throws Exception {
        assertThat(raw("GET /v1/executions;x=1/..%2f HTTP/1.1"))
                .startsWith("HTTP/1.1 400")
                .contains("application/problem+json")
                .contains("REQUEST_INVALID");
        assertThat(raw("GET /v1/executions//x HTTP/1.1"))
                .startsWith("HTTP/1.1 400")
                .contains("REQUEST_INVALID");
    }

    @Test
    void refusesWhatIsNoHttpAsAProblem() throws Exception {
        assertThat(raw("GET /v1/{} HTTP/1.1"))
                .startsWith("HTTP/1.1 400")
                .contains("application/problem+json")
                .doesNotContain("Apache")
                .doesNotContain("<html");
    }

    @Test
    void tellsNothingOfItsInsideWhenItFails() {
        Answer answer = get("/v1/executions?definition=fails/now");

        assertThat(answer.status()).isEqualTo(500);
        assertThat(answer.code()).isEqualTo("INTERNAL");
        assertThat(answer.body()).doesNotContain("IllegalState").doesNotContain("dev.gantry");
        assertThat(answer.detail()).contains("reference");
    }

    private String raw(String line) throws Exception {
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
            OutputStream out = socket.getOutputStream();
            out.write(
                    (line
                                    + "\r\nHost: x\r\nAuthorization: Bearer "
                                    + DEV_KEY
                                    + "\r\nConnection: close\r\n\r\n")
                            .getBytes(StandardCharsets.ISO_8859_1));
            out.flush();
            InputStream in = socket.getInputStream();
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        }
    }
}
