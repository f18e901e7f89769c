package dev.gantry.orchestrator.runner.call;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import dev.gantry.spi.Failure;
import dev.gantry.spi.Failure.Progress;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Base64;
import java.util.HashMap;
import java.util.Map;
import java.util.zip.Deflater;
import java.util.zip.DeflaterOutputStream;
import java.util.zip.GZIPOutputStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Answers as servers pack and write them. */
class ContentCodingsTest {
    private final HttpBench bench = HttpBench.openToThisMachine();
    private LocalServer server;

    @BeforeEach
    void startServer() throws IOException {
        server = new LocalServer();
    }

    @AfterEach
    void stop() {
        bench.close();
        server.close();
    }

    private static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private interface Packing {
        OutputStream around(OutputStream out) throws IOException;
    }

    private static byte[] packed(byte[] bytes, Packing packing) {
        ByteArrayOutputStream packed = new ByteArrayOutputStream();
        try (OutputStream out = packing.around(packed)) {
            out.write(bytes);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return packed.toByteArray();
    }

    private static byte[] gzip(byte[] bytes) {
        return packed(bytes, GZIPOutputStream::new);
    }

    private static byte[] zlib(byte[] bytes) {
        return packed(bytes, DeflaterOutputStream::new);
    }

    private static byte[] rawDeflate(byte[] bytes) {
        return packed(bytes, out -> new DeflaterOutputStream(out, new Deflater(9, true)));
    }

    private static byte[] joined(byte[] one, byte[] two) {
        byte[] both = Arrays.copyOf(one, one.length + two.length);
        System.arraycopy(two, 0, both, one.length, two.length);
        return both;
    }

    private void serve(String path, String type, @Nullable String coding, byte[] body) {
        Map<String, String> headers = new HashMap<>(Map.of("Content-Type", type));
        if (coding != null) {
            headers.put("Content-Encoding", coding);
        }
        server.on(path, exchange -> LocalServer.answer(exchange, 200, headers, body));
    }

    private String get(String path, String output) {
        return "{\"method\": \"post\", \"endpoint\": \"%s\", \"output\": \"%s\"}"
                .formatted(server.uri(path), output);
    }

    private JsonNode content(String coding, byte[] body) {
        serve("/packed", "text/plain", coding, body);
        return bench.output(get("/packed", "content"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"gzip", "GZIP", "x-gzip", "identity, gzip", "gzip,, identity"})
    void unpacksGzip(String coding) {
        assertThat(content(coding, gzip(utf8("hello, wörld"))).textValue())
                .isEqualTo("hello, wörld");
    }

    @Test
    void unpacksDeflateWithAndWithoutItsHeader() {
        String text = "hello ".repeat(1_000);
        assertThat(content("deflate", zlib(utf8(text))).textValue()).isEqualTo(text);
        serve("/raw", "text/plain", "deflate", rawDeflate(utf8(text)));
        assertThat(bench.output(get("/raw", "content")).textValue()).isEqualTo(text);
    }

    @Test
    void unpacksSeveralMembersAndSeveralCodings() {
        byte[] members = joined(gzip(utf8("one, ")), gzip(utf8("two")));
        assertThat(content("gzip", members).textValue()).isEqualTo("one, two");
        serve("/twice", "application/json", "deflate, gzip", gzip(zlib(utf8("{\"a\": 1}"))));
        assertThat(bench.text(get("/twice", "content"))).isEqualTo("{\"a\":1}");
    }

    @Test
    void leavesAloneWhatIsNotPacked() {
        assertThat(content("identity", utf8("plain")).textValue()).isEqualTo("plain");
        serve("/none", "text/plain", "br", new byte[0]);
        assertThat(bench.output(get("/none", "content")).isNull()).isTrue();
    }

    @Test
    void givesTheBytesAndHeadersAsTheyAreWithoutThePacking() {
        serve("/r", "application/octet-stream", "gzip", gzip(new byte[] {1, 2, 3}));

        assertThat(Base64.getDecoder().decode(bench.output(get("/r", "raw")).textValue()))
                .containsExactly(1, 2, 3);
        JsonNode response = bench.output(get("/r", "response"));
        assertThat(response.path("headers").has("content-encoding")).isFalse();
        assertThat(response.path("headers").has("content-length")).isFalse();
        assertThat(response.path("headers").has("content-type")).isTrue();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "br|'br'",
                "zstd|'zstd'",
                "gzip, compress|'compress'",
                "what is this|without a name",
                "gzip, gzip, gzip, gzip, gzip|5 times over",
                "gzip|cannot be unpacked",
                "deflate|cannot be unpacked",
            })
    void saysWhatItCannotUnpackAndThatTheCallWasMade(String coding, String said) {
        serve("/packed", "text/plain", coding, utf8("this is not packed"));

        Failure failure = bench.failure(get("/packed", "content"));

        assertThat(failure.code()).isEqualTo("HTTP_INVALID_ANSWER");
        assertThat(failure.progress()).isEqualTo(Progress.ENDED);
        assertThat(failure.retryable()).isFalse();
        assertThat(failure.message()).contains("127.0.0.1").contains(said);
    }

    @ParameterizedTest
    @ValueSource(strings = {"gzip", "deflate"})
    void takesNoPart(String coding) {
        byte[] whole = coding.equals("gzip") ? gzip(utf8("hello")) : zlib(utf8("hello"));
        serve("/cut", "text/plain", coding, Arrays.copyOf(whole, whole.length - 3));
        byte[] changed = whole.clone();
        changed[changed.length - 5] ^= 1;
        serve("/changed", "text/plain", coding, changed);

        assertThat(bench.failure(get("/cut", "content")).message()).contains("cannot be unpacked");
        assertThat(bench.failure(get("/changed", "content")).message())
                .contains("cannot be unpacked");
    }

    @Test
    void stopsABomb() {
        byte[] bomb = gzip(new byte[64 << 20]);
        serve("/bomb", "application/octet-stream", "gzip", bomb);
        serve("/nested", "application/octet-stream", "gzip, gzip", gzip(bomb));

        for (String path : new String[] {"/bomb", "/nested"}) {
            Failure failure =
                    HttpBench.failure(
                            bench.call(get(path, "content"), HttpBench.outputOf(1_000_000)));
            assertThat(failure.code()).isEqualTo(Failure.Code.OUTPUT_TOO_LARGE);
            assertThat(failure.progress()).isEqualTo(Progress.ENDED);
        }
    }

    @Test
    void takesAnAnswerThatJustFits() throws CallFailed {
        byte[] text = utf8("x".repeat(100));
        Answer answer = new Answer(200, Map.of("content-encoding", "gzip"), gzip(text));

        assertThat(ContentCodings.unpacked("h", answer, 100).body()).isEqualTo(text);
        assertThatThrownBy(() -> ContentCodings.unpacked("h", answer, 99))
                .isInstanceOf(CallFailed.class);
    }

    @Test
    void unpacksDocumentsThatAreReferredTo() throws IOException {
        serve(
                "/api.json",
                "application/json",
                "gzip",
                gzip(
                        utf8(
                                """
                                {"openapi": "3.0.0", "paths": {"/x": {"get": {"operationId": "x"}}}}
                                """)));
        serve("/x", "application/json", null, utf8("7"));
        assertThat(
                        bench.text(
                                """
                                {"openapi": {"document": "%s", "operationId": "x", "parameters": {}}}
                                """
                                        .formatted(server.uri("/api.json"))))
                .isEqualTo("7");

        serve("/fn.yaml", "text/yaml", "deflate", zlib(utf8("function: a")));
        assertThat(bench.fetch().get("acme", URI.create(server.uri("/fn.yaml")), null))
                .isEqualTo(utf8("function: a"));
    }

    @Test
    void unpacksTokens() {
        serve("/oauth2/token", "application/json", "gzip", gzip(utf8("{\"access_token\": \"t\"}")));
        serve("/me", "application/json", null, utf8("1"));
        server.requests.clear();

        bench.text(
                """
                {"method": "get", "endpoint": "%s", "authentication": {"scheme": "oauth2",
                 "authority": "%s", "grant": "client_credentials", "client": {"id": "a", "secret": "b"}}}
                """
                        .formatted(server.uri("/me"), server.uri("")));
        assertThat(server.requests.getLast().header("Authorization")).isEqualTo("Bearer t");
        assertThat(server.requests.getFirst().headers())
                .as("of the request for the token")
                .doesNotContainKeys("X-correlation-id", "Traceparent", "Idempotency-key");
    }

    @Test
    void readsTextAsItsCharsetSays() {
        Charset latin = StandardCharsets.ISO_8859_1;
        serve("/text", "text/plain; charset=iso-8859-1", null, "süß".getBytes(latin));
        assertThat(bench.output(get("/text", "content")).textValue()).isEqualTo("süß");
        serve("/json", "application/json; charset=ISO-8859-1", null, "\"süß\"".getBytes(latin));
        assertThat(bench.output(get("/json", "content")).textValue()).isEqualTo("süß");
    }

    @ParameterizedTest
    @CsvSource({
        "text/plain, declares no other charset",
        "text/plain; charset=utf-8, 'utf-8'",
        "text/plain; charset=klingon, 'klingon'",
    })
    void replacesNoCharacters(String type, String said) {
        serve("/text", type, null, "süß".getBytes(StandardCharsets.ISO_8859_1));

        Failure failure = bench.failure(get("/text", "content"));
        assertThat(failure.code()).isEqualTo("HTTP_INVALID_ANSWER");
        assertThat(failure.progress()).isEqualTo(Progress.ENDED);
        assertThat(failure.message()).contains(said.replace("'", "")).contains("output: raw");
    }
}
