package dev.gantry.orchestrator.api;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gantry.orchestrator.security.Permission;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.test.context.TestPropertySource;

/** Requests that nobody means, kind by kind: each is refused with what is wrong with it. */
@TestPropertySource(properties = "gantry.api.max-body-time=1s")
class BadInputTest extends ApiTest {
    @ParameterizedTest
    @ValueSource(
            strings = {
                "/v1/executions?limit=%FF",
                "/v1/definitions?namespace=%C3%28",
                "/v1/adapters?x=%FF",
                "/v1/dead-letters?%FF=1",
                "/actuator/metrics?tag=%FF",
                "/v1/executions?initiator=a%00b",
                "/v1/executions?correlationId=a%00b",
                "/v1/executions?after=a%00b",
                "/v1/definitions?namespace=%00",
                "/v1/definitions?after=a%00/b",
                "/v1/definitions/%00/b",
                "/v1/executions?startedAfter=%2B999999999-12-31T23:59:59Z",
                "/v1/executions?startedBefore=-999999999-01-01T00:00:00Z",
                "/v1/executions?limit=99999999999999999999999"
            })
    void refusesWhatNoTextCanBe(String path) throws Exception {
        assertThat(raw("GET " + path, "", "")).startsWith("HTTP/1.1 400").contains("_INVALID");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            textBlock =
                    """
                    */*                                        | it names no type.
                    application/*                              | it names no type.
                    application/x-www-form-urlencoded          | forms are not taken.
                    nonsense                                   | expected is one media type such as application/json.
                    application/json; charset=no-such-charset  | expected is one media type such as application/json.
                    application/json; charset=UTF-16           | texts are in UTF-8.
                    text/yaml; charset=ISO-8859-1              | texts are in UTF-8.
                    """)
    void refusesContentTypesThatNobodyReads(String type, String why) {
        for (String path :
                new String[] {
                    "/v1/executions",
                    "/v1/executions/x:decide",
                    "/v1/executions/x:cancel",
                    "/v1/definitions",
                    "/v1/definitions:validate"
                }) {
            Answer answer =
                    send(
                            as(DEV_KEY, request(path))
                                    .header("Content-Type", type)
                                    .POST(BodyPublishers.ofString("{}")));
            assertThat(answer.status()).as(path).isEqualTo(415);
            assertThat(answer.code()).isEqualTo("MEDIA_TYPE_UNSUPPORTED");
            assertThat(answer.detail()).isEqualTo("The Content-Type is '%s': %s", type, why);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"application/json;q=2", "/", "nonsense", "a/b/c", "*/json"})
    void refusesAnAcceptThatCannotBeRead(String accept) {
        for (String path :
                new String[] {
                    "/v1/definitions/a/b/1.0.0/graph",
                    "/v1/definitions/a/b/1.0.0/explain",
                    "/v1/definitions/a/b/1.0.0",
                    "/v1/executions/x/steps/1/logs",
                    "/v1/executions"
                }) {
            Answer answer = send(as(DEV_KEY, request(path)).header("Accept", accept));
            assertThat(answer.status()).as(path).isEqualTo(406);
            assertThat(answer.code()).isEqualTo("NOT_ACCEPTABLE");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"99", "-1", "0", "x", "1.0", "99999999999", "2147483648", "%20"})
    void knowsNoStepThatIsNotThere(String step) {
        String id = post("/v1/executions", start("quick", "{}")).json().get("id").asText();
        for (String of : new String[] {"logs", "logs?follow=true", "artifacts"}) {
            assertThat(get("/v1/executions/" + id + "/steps/" + step + "/" + of).code())
                    .isEqualTo("STEP_NOT_FOUND");
        }
        assertThat(
                        get("/v1/executions/" + id + "/steps/" + step + "/artifacts/content?path=a")
                                .code())
                .isEqualTo("STEP_NOT_FOUND");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{}{}",
                "{} x",
                "[",
                "",
                "{\"data\": 1E99999}",
                "{\"a\": \"\\ud8",
                "\u0000",
                "{\"id\": 'x'}"
            })
    void saysInItsOwnWordsWhatIsWrongWithAnEvent(String body) {
        String digits = "{\"data\": " + "9".repeat(2_000) + "}";
        for (String sent : new String[] {body, digits}) {
            Answer answer =
                    send(
                            as(DEV_KEY, request("/v1/events"))
                                    .header("Content-Type", "application/cloudevents+json")
                                    .POST(BodyPublishers.ofString(sent)));
            assertThat(answer.status()).isEqualTo(400);
            assertThat(answer.code()).isEqualTo("BODY_INVALID");
            assertThat(answer.detail())
                    .startsWith("The body")
                    .doesNotContain("jackson")
                    .doesNotContain("Exception")
                    .doesNotContain("JsonNode")
                    .doesNotContain("StreamReadConstraints");
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            textBlock =
                    """
                    {"definition": {}} {}        | The body (line 1, column 20): there is something after the end of the value.
                    {"input": 1E99999}           | The body at /input (line 1, column 11): the number 1E99999 has an exponent beyond 1000.
                    """)
    void saysInItsOwnWordsWhatIsWrongWithAStart(String body, String detail) {
        assertThat(post("/v1/executions", body).detail()).isEqualTo(detail);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            textBlock =
                    """
                    GET /v1/executions     | Transfer-Encoding: gzip     | 501 | NOT_SUPPORTED
                    POST /v1/executions    | Transfer-Encoding: identity | 501 | NOT_SUPPORTED
                    CONNECT /v1/executions | X-None: x                   | [45]0 |
                    TRACE /v1/executions   | X-None: x                   | [45]0 |
                    FOO /v1/executions     | X-None: x                   | [45]0 |
                    """)
    void hasACodeForWhatTheContainerDoesNotSpeak(
            String line,
            String header,
            String status,
            @org.jspecify.annotations.Nullable String code)
            throws Exception {
        String answer = raw(line, header + "\r\n", "");

        assertThat(answer)
                .containsPattern("^HTTP/1.1 " + status)
                .contains("application/problem+json")
                .doesNotContain("INTERNAL");
        if (code != null) {
            assertThat(answer).contains(code);
        }
    }

    @Test
    void cutsABodyThatTakesTooLong() throws Exception {
        for (String key : new String[] {DEV_KEY, "no-such-key"}) {
            try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
                socket.setSoTimeout((int) Duration.ofSeconds(60).toMillis());
                OutputStream out = socket.getOutputStream();
                out.write(
                        """
                        POST /v1/executions HTTP/1.1\r
                        Host: x\r
                        Authorization: Bearer %s\r
                        Content-Type: application/json\r
                        Content-Length: 1000000\r
                        \r
                        """
                                .formatted(key)
                                .getBytes(StandardCharsets.ISO_8859_1));
                Thread trickle =
                        Thread.ofVirtual()
                                .start(() -> {
                                    try {
                                        while (true) {
                                            out.write(' ');
                                            out.flush();
                                            Thread.sleep(200);
                                        }
                                    } catch (java.io.IOException | InterruptedException _) {
                                        // It was cut.
                                    }
                                });

                String answer =
                        new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);

                assertThat(answer)
                        .startsWith(key.equals(DEV_KEY) ? "HTTP/1.1 408" : "HTTP/1.1 401")
                        .contains(key.equals(DEV_KEY) ? "REQUEST_TIMEOUT" : "KEY_INVALID");
                trickle.interrupt();
            }
        }
    }

    @Test
    void letsAuthorsValidate() {
        String author = keys.issue("default", Permission.AUTHOR);

        Answer report =
                send(
                        as(author, request("/v1/definitions:validate"))
                                .header("Content-Type", "application/yaml")
                                .POST(BodyPublishers.ofString("{}")));

        assertThat(report.status()).isEqualTo(200);
        assertThat(
                        send(as(
                                        keys.issue("default", Permission.EXECUTE),
                                        request("/v1/definitions:validate")
                                                .header("Content-Type", "application/yaml")
                                                .POST(BodyPublishers.ofString("{}"))))
                                .status())
                .isEqualTo(403);
    }

    private String raw(String line, String headers, String body) throws Exception {
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
            socket.setSoTimeout((int) Duration.ofSeconds(20).toMillis());
            OutputStream out = socket.getOutputStream();
            out.write(
                    (line
                                    + " HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer "
                                    + DEV_KEY
                                    + "\r\nConnection: close\r\n"
                                    + headers
                                    + "\r\n"
                                    + body)
                            .getBytes(StandardCharsets.ISO_8859_1));
            out.flush();
            return new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        }
    }
}
