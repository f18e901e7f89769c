package dev.gantry.orchestrator.runner.call;

import static dev.gantry.orchestrator.runner.call.HttpBench.failure;
import static org.assertj.core.api.Assertions.assertThat;

import dev.gantry.orchestrator.runner.SampleAttempts;
import dev.gantry.spi.Attempt;
import dev.gantry.spi.Failure;
import dev.gantry.spi.Failure.Progress;
import dev.gantry.spi.Handle;
import dev.gantry.spi.Outcome;
import dev.gantry.spi.Probe;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What can go wrong with a call, and what that says about its effect. */
class HttpFailureTest {
    private static final Map<String, String> JSON_TYPE = Map.of("Content-Type", "application/json");

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

    private String get(String path) {
        return get("127.0.0.1", server.port(), path);
    }

    private static String get(String host, int port, String path) {
        return "{\"method\": \"get\", \"endpoint\": \"http://%s:%d%s\"}"
                .formatted(host, port, path);
    }

    @ParameterizedTest
    @CsvSource({
        "301, AUTHOR, false",
        "400, AUTHOR, false",
        "404, AUTHOR, false",
        "408, AUTHOR, true",
        "425, AUTHOR, true",
        "429, THROTTLED, true",
        "500, BACKEND, true",
        "503, BACKEND, true",
    })
    void failsWithTheStatus(int status, Failure.Actor actor, boolean retryable) {
        server.answer("/secret-path", status, JSON_TYPE, "{\"token\": \"s3cret\"}");

        Failure failure = bench.failure(get("/secret-path?token=s3cret"));

        assertThat(failure.code()).isEqualTo("HTTP_" + status);
        assertThat(failure.by()).isEqualTo(Failure.By.SERVICE);
        assertThat(failure.status()).isEqualTo(status);
        assertThat(failure.actor()).isEqualTo(actor);
        assertThat(failure.retryable()).isEqualTo(retryable);
        assertThat(failure.progress()).isEqualTo(Progress.ENDED);
        assertThat(failure.message())
                .contains("127.0.0.1", "GET")
                .doesNotContain("secret", "s3cret");
    }

    @Test
    void failsOnJsonThatIsNone() {
        server.answer("/", 200, JSON_TYPE, "{\"a\": ");

        Failure failure = bench.failure(get("/"));

        assertThat(failure.code()).isEqualTo("HTTP_INVALID_ANSWER");
        assertThat(failure.progress()).isEqualTo(Progress.ENDED);
    }

    @Test
    void neverStartedWhatCouldNotConnect() throws IOException {
        int unused;
        try (ServerSocket socket = new ServerSocket(0)) {
            unused = socket.getLocalPort();
        }

        Failure failure = bench.failure(get("127.0.0.1", unused, "/"));

        assertUnavailable(failure);
    }

    @Test
    void neverStartedWhatHasNoAddress() {
        assertUnavailable(bench.failure(get("nowhere.test", 80, "/")));
    }

    @Test
    void neverStartedWhatFailsInTheHandshake() throws IOException {
        try (ServerSocket socket = greeter("no TLS here\r\n")) {
            String request =
                    "{\"method\": \"post\", \"endpoint\": \"https://127.0.0.1:%d/\"}"
                            .formatted(socket.getLocalPort());

            assertUnavailable(bench.failure(request));
        }
    }

    @Test
    void mayHaveCommittedWhatIsNotAnswered() throws IOException {
        try (ServerSocket socket = greeter("")) {
            Failure failure = bench.failure(get("127.0.0.1", socket.getLocalPort(), "/"));

            assertThat(failure.code()).isEqualTo(Failure.Code.LOST);
            assertThat(failure.progress()).isEqualTo(Progress.MAY_HAVE_COMMITTED);
        }
    }

    @Test
    void mayHaveCommittedWhatIsAnsweredInPart() throws IOException {
        try (ServerSocket socket = greeter("HTTP/1.1 200 OK\r\nContent-Length: 99\r\n\r\nhalf")) {
            Failure failure = bench.failure(get("127.0.0.1", socket.getLocalPort(), "/"));

            assertThat(failure.progress()).isEqualTo(Progress.MAY_HAVE_COMMITTED);
        }
    }

    private static void assertUnavailable(Failure failure) {
        assertThat(failure.code()).isEqualTo(Failure.Code.BACKEND_UNAVAILABLE);
        assertThat(failure.progress()).as(failure.message()).isEqualTo(Progress.NEVER_STARTED);
        assertThat(failure.retryable()).isTrue();
    }

    /** Reads a little, says the words, and hangs up; to everyone who connects. */
    private static ServerSocket greeter(String words) throws IOException {
        ServerSocket socket = new ServerSocket(0, 10, InetAddress.ofLiteral("127.0.0.1"));
        Thread.ofVirtual()
                .start(() -> {
                    while (!socket.isClosed()) {
                        try (Socket client = socket.accept()) {
                            client.getInputStream().read(new byte[8192]);
                            client.getOutputStream()
                                    .write(
                                            words.getBytes(
                                                    java.nio.charset.StandardCharsets.US_ASCII));
                        } catch (IOException e) {
                            // The next one, or the end.
                        }
                    }
                });
        return socket;
    }

    @Test
    void cutsOffAnAnswerThatIsTooLarge() {
        CountDownLatch stopped = new CountDownLatch(1);
        server.on(
                "/",
                exchange -> {
                    exchange.getResponseHeaders().add("Content-Type", "text/plain");
                    exchange.sendResponseHeaders(200, 0);
                    try {
                        while (true) {
                            exchange.getResponseBody().write(new byte[8192]);
                        }
                    } finally {
                        stopped.countDown();
                    }
                });

        Failure failure = failure(bench.call(get("/"), HttpBench.outputOf(100_000)));

        assertThat(failure.code()).isEqualTo(Failure.Code.OUTPUT_TOO_LARGE);
        assertThat(failure.progress()).isEqualTo(Progress.ENDED);
        assertThat(await(stopped)).as("the server sees that nobody reads on").isTrue();
    }

    @Test
    void countsTheOutputAndNotOnlyTheBody() {
        server.answer("/", 200, Map.of("Content-Type", "text/plain"), "\"".repeat(600));

        assertThat(failure(bench.call(get("/"), HttpBench.outputOf(1000))).code())
                .isEqualTo(Failure.Code.OUTPUT_TOO_LARGE);
    }

    @Test
    void doesNotReadAnEndlessErrorPage() {
        server.on(
                "/",
                exchange -> {
                    exchange.sendResponseHeaders(500, 0);
                    while (true) {
                        exchange.getResponseBody().write(new byte[8192]);
                    }
                });

        assertThat(bench.failure(get("/")).code()).isEqualTo("HTTP_500");
    }

    @Test
    void givesUpAtItsTimeout() {
        CountDownLatch never = new CountDownLatch(1);
        server.on("/", exchange -> await(never));

        Failure failure = failure(bench.call(get("/"), HttpBench.within(Duration.ofMillis(300))));

        never.countDown();
        assertThat(failure.code()).isEqualTo(Failure.Code.TIMEOUT);
        assertThat(failure.progress()).isEqualTo(Progress.MAY_HAVE_COMMITTED);
    }

    @Test
    void givesUpOnAnAnswerThatTrickles() {
        CountDownLatch never = new CountDownLatch(1);
        server.on(
                "/",
                exchange -> {
                    exchange.sendResponseHeaders(200, 0);
                    for (int i = 0; i < 500; i++) {
                        exchange.getResponseBody().write(' ');
                        exchange.getResponseBody().flush();
                        pause(never);
                    }
                });

        Failure failure = failure(bench.call(get("/"), HttpBench.within(Duration.ofMillis(400))));

        assertThat(failure.code()).isEqualTo(Failure.Code.TIMEOUT);
    }

    @Test
    void endsTheExchangeWhenItIsCancelled() {
        CountDownLatch arrived = new CountDownLatch(1);
        CountDownLatch never = new CountDownLatch(1);
        server.on(
                "/",
                exchange -> {
                    arrived.countDown();
                    await(never);
                });
        Attempt attempt = SampleAttempts.of(get("/"));
        CompletableFuture<Outcome> outcome = bench.begin(attempt);
        assertThat(await(arrived)).isTrue();
        Handle handle = handle(attempt);
        assertThat(bench.adapter.probe(handle, attempt)).isInstanceOf(Probe.Running.class);

        CompletableFuture<Void> cancelled = bench.adapter.cancel(handle, Duration.ofSeconds(10));

        assertThat(cancelled).succeedsWithin(Duration.ofSeconds(5));
        assertThat(outcome.join()).isInstanceOf(Outcome.Cancelled.class);
        assertThat(bench.adapter.probe(handle, attempt)).isInstanceOf(Probe.Gone.class);
        never.countDown();
    }

    @Test
    void cancelsWhatHasEndedOrNeverBegan() {
        assertThat(bench.adapter.cancel(handle(SampleAttempts.of("{}")), Duration.ZERO))
                .isCompleted();
    }

    private static Handle handle(Attempt attempt) {
        return new Handle("http", 1, attempt.externalName(), Map.of());
    }

    private static boolean await(CountDownLatch latch) {
        return await(latch, 10_000);
    }

    private static void pause(CountDownLatch never) {
        await(never, 20);
    }

    private static boolean await(CountDownLatch latch, long millis) {
        try {
            return latch.await(millis, TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }
}
