package dev.gantry.acceptance;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** A real server as a child process; killed and started again on the same data. */
public final class Server implements AutoCloseable {
    public static final ObjectMapper JSON = new ObjectMapper();
    private static final String TOKEN = "acceptance-token-0123456789";

    private final HttpClient http =
            HttpClient.newBuilder().connectTimeout(Duration.ofSeconds(5)).build();
    private final Path data;
    private final int port;
    private final List<String> options;
    private Process process;

    public Server(Path data, String... options) throws IOException {
        this.data = data;
        this.options = List.of(options);
        try (ServerSocket free = new ServerSocket(0)) {
            this.port = free.getLocalPort();
        }
        this.process = launch();
    }

    private Process launch() throws IOException {
        String java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
        List<String> command =
                new ArrayList<>(
                        List.of(
                                java,
                                "-Xmx1g",
                                "-jar",
                                System.getProperty("gantry.server.jar", "")));
        command.addAll(
                List.of(
                        "--port",
                        Integer.toString(port),
                        "--data",
                        data.toString(),
                        "--dev-token",
                        TOKEN));
        command.addAll(options);
        return new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(
                        ProcessBuilder.Redirect.appendTo(
                                data.resolveSibling("server.log").toFile()))
                .start();
    }

    public void awaitReady() throws IOException, InterruptedException {
        long end = System.nanoTime() + Duration.ofSeconds(90).toNanos();
        while (System.nanoTime() < end) {
            if (!process.isAlive()) {
                throw new IOException(
                        "the server ended with code "
                                + process.exitValue()
                                + "; see "
                                + data.resolveSibling("server.log"));
            }
            try {
                if (call("GET", "/actuator/health/readiness", null).statusCode() == 200) {
                    return;
                }
            } catch (IOException e) {
                // Not listening yet.
            }
            Thread.sleep(100);
        }
        throw new IOException(
                "the server is not ready after 90 s; see " + data.resolveSibling("server.log"));
    }

    /** A secret of the tenant that the server has by itself. */
    public void secret(String name, String value) throws IOException {
        Path folder = Files.createDirectories(data.resolve("secrets").resolve("default"));
        Files.writeString(folder.resolve(name), value);
    }

    /** SIGKILL, as a crash: nothing is flushed and nobody is told. */
    public void kill() throws InterruptedException {
        process.destroyForcibly();
        process.waitFor();
    }

    /** Such as STOP and CONT. */
    public void signal(String name) throws IOException, InterruptedException {
        int code =
                new ProcessBuilder("kill", "-" + name, Long.toString(process.pid()))
                        .inheritIO()
                        .start()
                        .waitFor();
        if (code != 0) {
            throw new IOException("kill -%s ended with %d".formatted(name, code));
        }
    }

    /** SIGTERM, and waits for its end. */
    public void stop() throws InterruptedException {
        process.destroy();
        process.waitFor();
    }

    public void restart() throws IOException, InterruptedException {
        process = launch();
        awaitReady();
    }

    public HttpResponse<String> call(
            String method, String path, @Nullable String body, String... headers)
            throws IOException, InterruptedException {
        HttpRequest.Builder request =
                HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path))
                        .timeout(Duration.ofSeconds(30))
                        .header("Authorization", "Bearer " + TOKEN)
                        .method(
                                method,
                                body == null
                                        ? HttpRequest.BodyPublishers.noBody()
                                        : HttpRequest.BodyPublishers.ofString(body));
        for (int i = 0; i < headers.length; i += 2) {
            request.header(headers[i], headers[i + 1]);
        }
        return http.send(request.build(), HttpResponse.BodyHandlers.ofString());
    }

    public void publish(String document) throws IOException, InterruptedException {
        HttpResponse<String> answer =
                call("POST", "/v1/definitions", document, "Content-Type", "application/yaml");
        if (answer.statusCode() / 100 != 2) {
            throw new IOException("publish: " + answer.statusCode() + " " + answer.body());
        }
    }

    public JsonNode get(String path) throws IOException, InterruptedException {
        HttpResponse<String> answer = call("GET", path, null);
        if (answer.statusCode() != 200) {
            throw new IOException("GET " + path + ": " + answer.statusCode() + " " + answer.body());
        }
        return JSON.readTree(answer.body());
    }

    /** Politely, so that its database stops with it. */
    @Override
    public void close() {
        process.destroy();
        try {
            if (!process.waitFor(60, TimeUnit.SECONDS)) {
                process.destroyForcibly();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        http.close();
    }
}
