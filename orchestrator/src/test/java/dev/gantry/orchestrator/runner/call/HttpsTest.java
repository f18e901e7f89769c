package dev.gantry.orchestrator.runner.call;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gantry.spi.Failure;
import dev.gantry.spi.Failure.Progress;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The connection goes to the checked address; name, certificate and protocol are the host's. */
class HttpsTest {
    @TempDir static Path folder;
    private static SecureServer server;

    @BeforeAll
    static void startServer() throws Exception {
        server = new SecureServer(folder);
    }

    @AfterAll
    static void stopServer() {
        server.close();
    }

    private static String get(String host) {
        return "{\"method\": \"get\", \"endpoint\": \"https://%s:%d/\"}"
                .formatted(host, server.port());
    }

    private static HttpBench bench(boolean trusting) {
        HttpBench bench = new HttpBench(List.of("127.0.0.1"), trusting ? server.trusting : null);
        bench.name("api.test", "127.0.0.1");
        bench.name("other.test", "127.0.0.1");
        return bench;
    }

    @Test
    void checksTheCertificateAgainstTheNameAndSpeaksHttp2() {
        try (HttpBench bench = bench(true)) {
            assertThat(bench.output(get("api.test")).textValue()).contains("over TLS");
            assertThat(server.lastHost()).isEqualTo("api.test");
            assertThat(server.lastProtocol()).isEqualTo("HTTP/2.0");
        }
    }

    @Test
    void neverStartsWithAServerThatHasAnotherName() {
        assertNeverStarted(true, "other.test");
        assertNeverStarted(true, "127.0.0.1");
    }

    @Test
    void neverStartsWithAServerThatNobodyVouchesFor() {
        assertNeverStarted(false, "api.test");
    }

    private static void assertNeverStarted(boolean trusting, String host) {
        int before = server.requests();
        try (HttpBench bench = bench(trusting)) {
            Failure failure = bench.failure(get(host));

            assertThat(failure.code()).isEqualTo(Failure.Code.BACKEND_UNAVAILABLE);
            assertThat(failure.progress()).as(failure.message()).isEqualTo(Progress.NEVER_STARTED);
            assertThat(server.requests()).isEqualTo(before);
        }
    }
}
