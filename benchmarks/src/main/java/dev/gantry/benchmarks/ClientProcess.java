package dev.gantry.benchmarks;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.BufferedReader;
import java.io.BufferedWriter;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** A {@link Client} in a process of its own, as the server's sees it. */
final class ClientProcess implements HttpLoad {
    /** Beyond them a request is not sent, and told so. */
    static final int MOST_CONNECTIONS = 4_000;

    private static final ObjectMapper JSON = new ObjectMapper();

    private final Process process;
    private final BufferedWriter orders;
    private final BufferedReader answers;

    private ClientProcess(Process process) {
        this.process = process;
        this.orders = process.outputWriter(StandardCharsets.UTF_8);
        this.answers = process.inputReader(StandardCharsets.UTF_8);
    }

    static ClientProcess start() throws IOException {
        return new ClientProcess(
                new ProcessBuilder(
                                Path.of(System.getProperty("java.home"), "bin/java").toString(),
                                "-Xmx512m",
                                "-XX:+UseSerialGC",
                                "-cp",
                                System.getProperty("java.class.path"),
                                Client.class.getName(),
                                Integer.toString(MOST_CONNECTIONS))
                        .redirectError(ProcessBuilder.Redirect.INHERIT)
                        .start());
    }

    @Override
    public String name() {
        return "a process of Java with a non-blocking client";
    }

    /** As many requests as the connections carry one after the other. */
    JsonNode inTurn(Request request, int connections, double seconds) throws IOException {
        order(new Client.Order(request, connections, 0, seconds, null));
        return answer();
    }

    /** Requests at a rate. Two answers follow: when all are sent, and when all are answered. */
    void arrive(Request request, double rate, double seconds, @Nullable Path acknowledged)
            throws IOException {
        order(
                new Client.Order(
                        request,
                        MOST_CONNECTIONS,
                        rate,
                        seconds,
                        acknowledged == null ? null : acknowledged.toString()));
    }

    private void order(Client.Order order) throws IOException {
        orders.write(JSON.writeValueAsString(order));
        orders.newLine();
        orders.flush();
    }

    JsonNode answer() throws IOException {
        String line = answers.readLine();
        if (line == null) {
            throw new IOException("the client has ended");
        }
        return JSON.readTree(line);
    }

    @Override
    public Load.Result closed(Request request, int connections, Duration time) throws IOException {
        double seconds = time.toMillis() / 1e3;
        JsonNode told = inTurn(request, connections, seconds);
        JsonNode succeeded = told.path("statuses").path("200");
        double count = 0;
        for (JsonNode second : told.path("succeededBySecond")) {
            count += second.asDouble();
        }
        return new Load.Result(
                count / seconds,
                succeeded.path("p50").asDouble(Double.NaN),
                succeeded.path("p95").asDouble(Double.NaN),
                succeeded.path("p99").asDouble(Double.NaN),
                told.path("sent").asLong() - succeeded.path("count").asLong());
    }

    @Override
    public void close() throws IOException {
        // It ends when there are no more orders.
        orders.close();
        process.onExit().completeOnTimeout(process, 5, TimeUnit.SECONDS).join();
        process.destroyForcibly();
    }
}
