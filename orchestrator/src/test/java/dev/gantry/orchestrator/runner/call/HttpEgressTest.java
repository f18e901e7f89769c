package dev.gantry.orchestrator.runner.call;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.gantry.spi.Failure;
import dev.gantry.spi.Failure.Actor;
import dev.gantry.spi.Failure.Progress;
import java.io.IOException;
import java.net.InetAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Where calls may go, at first and after redirects; 127.0.0.1 plays the public internet here. */
class HttpEgressTest {
    private final HttpBench bench = new HttpBench(List.of("127.0.0.1"), null);
    private LocalServer server;

    @BeforeEach
    void startServer() throws IOException {
        server = new LocalServer();
        server.answer("/end", 200, Map.of("Content-Type", "text/plain"), "end");
        bench.name("api.test", "127.0.0.1");
        bench.name("other.test", "127.0.0.1");
    }

    @AfterEach
    void stop() {
        bench.close();
        server.close();
    }

    private String uri(String host, String path) {
        return "http://%s:%d%s".formatted(host, server.port(), path);
    }

    private static String call(String method, String uri, boolean redirect, String more) {
        return "{\"method\": \"%s\", \"endpoint\": \"%s\", \"redirect\": %s%s}"
                .formatted(method, uri, redirect, more);
    }

    private void redirect(String path, int status, String location) {
        server.answer(path, status, Map.of("Location", location), "");
    }

    private LocalServer.Request last() {
        return server.requests.getLast();
    }

    @Test
    void refusesAnAddressBeforeAnythingIsSent() {
        Failure failure = bench.failure(call("post", "http://127.0.0.2:80/", false, ""));

        assertThat(failure.code()).isEqualTo("EGRESS_REFUSED");
        assertThat(failure.actor()).isEqualTo(Actor.AUTHOR);
        assertThat(failure.progress()).isEqualTo(Progress.NEVER_STARTED);
        assertThat(failure.retryable()).isFalse();
    }

    @Test
    void refusesANameThatResolvesToAnAddressOfTheInside() {
        bench.name("rebind.test", "10.0.0.1", "169.254.169.254");

        Failure failure = bench.failure(call("get", uri("rebind.test", "/end"), false, ""));

        assertThat(failure.code()).isEqualTo("EGRESS_REFUSED");
        assertThat(server.requests).isEmpty();
    }

    @Test
    void connectsToTheAddressThatItChecked() {
        AtomicInteger lookups = new AtomicInteger();
        bench.names.put(
                "rebind.test",
                () -> List.of(lookups.getAndIncrement() == 0 ? "127.0.0.1" : "10.0.0.1"));

        JsonNode output = bench.output(call("get", uri("rebind.test", "/end"), false, ""));

        assertThat(output.textValue()).isEqualTo("end");
        assertThat(lookups).as("what is looked up once cannot change").hasValue(1);
        assertThat(last().header("Host")).isEqualTo("rebind.test:" + server.port());
        // The next call sees the new meaning of the name, and not the connection of the first.
        assertThat(bench.failure(call("get", uri("rebind.test", "/end"), false, "")).code())
                .isEqualTo("EGRESS_REFUSED");
    }

    @Test
    void goesOnToTheNextAddressIfOneDoesNotAnswer() {
        // Nothing listens on the port of the first.
        bench.name("two.test", "::1", "127.0.0.1");

        try (HttpBench both = new HttpBench(List.of("127.0.0.1", "::1"), null)) {
            both.names.putAll(bench.names);
            assertThat(both.output(call("post", uri("two.test", "/end"), false, "")).textValue())
                    .isEqualTo("end");
        }
    }

    @Test
    void takesARedirectForAnErrorUnlessToldOtherwise() {
        redirect("/from", 302, uri("api.test", "/end"));

        assertThat(bench.failure(call("get", uri("api.test", "/from"), false, "")).code())
                .isEqualTo("HTTP_302");
        assertThat(bench.output(call("get", uri("api.test", "/from"), true, "")).textValue())
                .isEqualTo("end");
    }

    @Test
    void givesARedirectThatLeadsNowhereAsItIs() {
        server.answer("/choices", 300, Map.of("Content-Type", "text/plain"), "one or two");
        server.answer("/same", 304, Map.of(), "");

        assertThat(bench.output(call("get", uri("api.test", "/choices"), true, "")).textValue())
                .isEqualTo("one or two");
        assertThat(bench.output(call("get", uri("api.test", "/same"), true, "")).isNull()).isTrue();
    }

    @ParameterizedTest
    @CsvSource({
        "POST, 301, GET, ''",
        "POST, 302, GET, ''",
        "POST, 303, GET, ''",
        "PUT, 303, GET, ''",
        "POST, 307, POST, '{}'",
        "POST, 308, POST, '{}'",
        "PUT, 302, PUT, '{}'",
        "DELETE, 301, DELETE, '{}'",
    })
    void goesOnWithTheMethodThatTheStatusSays(String method, int status, String then, String body) {
        redirect("/from", status, "/end?x=1");

        bench.output(call(method, uri("api.test", "/from"), true, ", \"body\": {}"));

        assertThat(last().method()).isEqualTo(then);
        assertThat(last().uri()).isEqualTo("/end?x=1");
        assertThat(last().body()).isEqualTo(body);
    }

    @Test
    void showsCredentialsToTheirOriginOnly() {
        String headers =
                """
                , "headers": {"Authorization": "Bearer t0p", "X-Api-Key": "k", "Cookie": "c=1",
                              "Accept": "text/plain"}
                """;
        redirect("/same", 302, uri("api.test", "/end"));
        redirect("/other", 302, uri("other.test", "/end"));

        bench.output(call("get", uri("api.test", "/same"), true, headers));
        assertThat(last().header("Authorization")).isEqualTo("Bearer t0p");
        assertThat(last().header("X-Api-Key")).isEqualTo("k");

        bench.output(call("get", uri("api.test", "/other"), true, headers));
        assertThat(last().header("Host")).startsWith("other.test");
        assertThat(last().header("Accept")).isEqualTo("text/plain");
        assertThat(last().headers()).doesNotContainKeys("Authorization", "X-api-key", "Cookie");
    }

    @ParameterizedTest
    @CsvSource({
        "http://127.0.0.2/",
        "http://169.254.169.254/latest/meta-data/",
        "http://[::1]/",
        "http://2130706433/",
        "file:///etc/passwd",
        "http://inside.test/",
    })
    void refusesARedirectToTheInside(String location) {
        bench.name("inside.test", "192.168.0.1");
        redirect("/from", 302, location);

        Failure failure = bench.failure(call("get", uri("api.test", "/from"), true, ""));

        assertThat(failure.code()).isEqualTo("EGRESS_REFUSED");
        assertThat(failure.progress()).as("the first request was sent").isEqualTo(Progress.ENDED);
        assertThat(server.requests).hasSize(1);
    }

    @Test
    void givesUpOnACircle() {
        redirect("/circle", 302, "/circle");

        Failure failure = bench.failure(call("get", uri("api.test", "/circle"), true, ""));

        assertThat(failure.code()).isEqualTo("HTTP_TOO_MANY_REDIRECTS");
        assertThat(server.requests).hasSize(4);
    }

    @Test
    void mayHaveCommittedWhatFailsAfterARedirect() {
        redirect("/from", 303, "http://gone.test/");

        Failure failure = bench.failure(call("post", uri("api.test", "/from"), true, ""));

        assertThat(failure.code()).isEqualTo(Failure.Code.BACKEND_UNAVAILABLE);
        assertThat(failure.progress()).isEqualTo(Progress.MAY_HAVE_COMMITTED);
    }

    private int port(String method) {
        bench.output(call(method, uri("api.test", "/end"), false, ""));
        return last().clientPort();
    }

    @Test
    void reusesConnectionsForWhatHasNoEffectOnly() {
        // A connection goes back to the others a little later than its answer comes.
        Set<Integer> seen = new HashSet<>();
        Awaitility.await().until(() -> !seen.add(port("get")));

        List<Integer> ports = new ArrayList<>(List.of(port("get")));
        for (int i = 0; i < 5; i++) {
            ports.add(port("post"));
        }
        assertThat(ports).doesNotHaveDuplicates();
    }

    @Test
    void looksNamesOfThisMachineUp() throws IOException, InterruptedException {
        try (SystemNames names = new SystemNames()) {
            assertThat(names.lookup("localhost", Duration.ofSeconds(5)))
                    .allMatch(InetAddress::isLoopbackAddress);
        }
    }
}
