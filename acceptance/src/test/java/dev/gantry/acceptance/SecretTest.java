package dev.gantry.acceptance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.CleanupMode;
import org.junit.jupiter.api.io.TempDir;

/** Steps that show the secrets that they were given: nothing of it is seen anywhere. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class SecretTest {
    private static final String TOKEN = "tok-0815-Zebra/Quagga+9";
    private static final String PASSWORD = "pw-4711-Okapi";

    private Server server;
    private HttpServer echo;
    private Path log = Path.of("");

    @BeforeAll
    void start(@TempDir(cleanup = CleanupMode.ON_SUCCESS) Path folder)
            throws IOException, InterruptedException {
        echo = HttpServer.create(new InetSocketAddress(InetAddress.ofLiteral("127.0.0.1"), 0), 16);
        echo.createContext(
                "/",
                exchange -> {
                    try (exchange) {
                        String shown =
                                Server.JSON
                                        .createObjectNode()
                                        .put("uri", exchange.getRequestURI().toString())
                                        .put(
                                                "auth",
                                                exchange.getRequestHeaders()
                                                        .getFirst("Authorization"))
                                        .put(
                                                "body",
                                                new String(
                                                        exchange.getRequestBody().readAllBytes(),
                                                        StandardCharsets.UTF_8))
                                        .toString();
                        byte[] bytes = shown.getBytes(StandardCharsets.UTF_8);
                        exchange.getResponseHeaders().add("Content-Type", "application/json");
                        exchange.getResponseHeaders().add("X-Seen", TOKEN);
                        exchange.sendResponseHeaders(200, bytes.length);
                        exchange.getResponseBody().write(bytes);
                    }
                });
        echo.start();
        server = new Server(Files.createDirectories(folder.resolve("data")));
        log = folder.resolve("server.log");
        server.secret("token", TOKEN + "\n");
        server.secret(
                "login", "{\"username\": \"zoe-zebra\", \"password\": \"%s\"}".formatted(PASSWORD));
        server.awaitReady();
    }

    @AfterAll
    void stop() {
        server.close();
        echo.stop(0);
    }

    private JsonNode run(String name, String tasks) throws IOException, InterruptedException {
        server.publish(
                """
                document: {dsl: '1.0.3', namespace: secret, name: %s, version: '1.0.0'}
                use: {secrets: [token, login]}
                do:
                %s
                """
                        .formatted(
                                name,
                                tasks.replace(
                                                "http://echo",
                                                "http://127.0.0.1:" + echo.getAddress().getPort())
                                        .indent(2)));
        HttpResponse<String> answer =
                server.call(
                        "POST",
                        "/v1/executions",
                        "{\"definition\": {\"namespace\": \"secret\", \"name\": \"%s\"}}"
                                .formatted(name),
                        "Content-Type",
                        "application/json",
                        "Prefer",
                        "wait=60");
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
        return Server.JSON.readTree(answer.body());
    }

    /** All that anybody can get to see of an execution. */
    private String everything(JsonNode execution) throws IOException, InterruptedException {
        String path = "/v1/executions/" + execution.path("id").asText();
        StringBuilder all = new StringBuilder(execution.toString());
        for (String part : List.of("", "/history?limit=200", "/steps", "/lifecycle", "/graph")) {
            all.append('\n').append(server.call("GET", path + part, null).body());
        }
        all.append('\n').append(server.call("GET", "/v1/dead-letters", null).body());
        for (JsonNode step : server.get(path + "/steps").path("items")) {
            String at = path + "/steps/" + step.path("step").asText();
            all.append('\n').append(server.call("GET", at + "/logs", null).body());
            for (JsonNode file : server.get(at + "/artifacts").path("items")) {
                all.append('\n').append(file.path("path").asText()).append('\n');
                all.append(server.call("GET", file.path("href").asText(), null).body());
            }
        }
        return all.append('\n').append(Files.readString(log)).toString();
    }

    private static void assertHidden(String everything) {
        List<String> forms = new ArrayList<>();
        for (String secret : List.of(TOKEN, PASSWORD, "zoe-zebra:" + PASSWORD)) {
            byte[] bytes = secret.getBytes(StandardCharsets.UTF_8);
            forms.add(secret);
            forms.add(Base64.getEncoder().withoutPadding().encodeToString(bytes));
            forms.add(HexFormat.of().formatHex(bytes));
        }
        forms.add("Zebra%2FQuagga%2B9");
        forms.add("OKAPI");
        assertThat(everything).contains("***").doesNotContain(forms);
    }

    @Test
    void anAnswerThatRepeatsItsRequest() throws IOException, InterruptedException {
        JsonNode execution =
                run(
                        "http",
                        """
                        - ask:
                            call: http
                            with:
                              method: post
                              endpoint: {uri: http://echo/x, authentication: {basic: {use: login}}}
                              query: {key: "${ $secrets.token }"}
                              body: {t: "${ $secrets.token }", b: "${ $secrets.token | @base64 }", u: "${ $secrets.login.password | ascii_upcase }"}
                              output: response
                        - keep: {set: {kept: "${ . }"}}
                        """);

        assertThat(execution.path("status").asText()).isEqualTo("completed");
        JsonNode answer = execution.at("/output/kept");
        assertThat(answer.at("/content/auth").asText()).isEqualTo("Basic ***");
        assertThat(answer.at("/content/uri").asText()).isEqualTo("/x?key=***");
        assertThat(answer.at("/content/body").asText())
                .isEqualTo("{\"t\":\"***\",\"b\":\"***\",\"u\":\"***\"}");
        assertThat(answer.at("/headers/x-seen").asText()).isEqualTo("***");
        assertHidden(everything(execution));
    }

    @Test
    void aPretendedProcessThatShowsItsArguments() throws IOException, InterruptedException {
        JsonNode execution =
                run(
                        "mock",
                        """
                        - work:
                            run: {shell: {command: "echo hello", arguments: ["${ $secrets.token }"]}, return: all}
                            metadata: {gantry: {runtime: {adapter: local-mock}}}
                        """);

        assertThat(execution.path("status").asText()).isEqualTo("completed");
        assertThat(execution.at("/output/stdout").asText()).contains("***");
        assertHidden(everything(execution));
    }

    @Test
    void aContainerThatPrintsWritesAndFails() throws IOException, InterruptedException {
        assumeTrue(TestDocker.isThere());
        String shout =
                "echo $K; echo $K | base64; printf %s $K | hexdump -v -e '/1 \\\"%02x\\\"'; echo $K >&2;"
                        + " echo $K > $GANTRY_ARTIFACTS/$PASS.txt; printf 'to'; sleep 1; echo ${K#to}; ";
        String task =
                """
                - work:
                    run:
                      container: {image: gantry/busybox:test, command: "%s", environment: {K: "${ $secrets.token }", PASS: "${ $secrets.login.password }"}}
                      return: all
                """;
        JsonNode failed =
                run(
                        "docker-fails",
                        task.replace("return: all", "return: stdout").formatted(shout + "exit 3"));
        JsonNode succeeded = run("docker-works", task.formatted(shout + "true"));

        assertThat(failed.path("status").asText()).isEqualTo("faulted");
        assertThat(failed.at("/error/detail").asText())
                .isEqualTo("the process ended with code 3: ***\n");
        assertHidden(everything(failed));
        assertThat(succeeded.at("/output/stdout").asText())
                // The K is of the line break alone; the last two stand side by side.
                .isEqualTo("***\n***K\n***\n");
        assertThat(succeeded.at("/output/stderr").asText()).isEqualTo("***\n");
        String seen = everything(succeeded);
        assertHidden(seen);
        assertThat(seen).contains("***.txt").contains("*".repeat(TOKEN.length()) + "\n");
    }
}
