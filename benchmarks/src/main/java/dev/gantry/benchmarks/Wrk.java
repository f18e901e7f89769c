package dev.gantry.benchmarks;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.stream.Collectors;

/** wrk, a client in C that costs little of what it measures. */
final class Wrk implements HttpLoad {
    private static final ObjectMapper JSON = new ObjectMapper();

    static boolean isThere() {
        return Arrays.stream(System.getenv().getOrDefault("PATH", "").split(File.pathSeparator))
                .anyMatch(folder -> Files.isExecutable(Path.of(folder, "wrk")));
    }

    @Override
    public String name() {
        return "wrk";
    }

    @Override
    public Load.Result closed(Request request, int connections, Duration time)
            throws IOException, InterruptedException {
        Path script = Files.createTempFile("gantry-benchmark", ".lua");
        try {
            Files.writeString(script, script(request));
            Process wrk =
                    new ProcessBuilder(
                                    "wrk",
                                    "-t1",
                                    "-c" + connections,
                                    "-d" + time.toSeconds() + "s",
                                    "--timeout",
                                    "40s",
                                    "-s",
                                    script.toString(),
                                    request.url())
                            .redirectErrorStream(true)
                            .start();
            String said = new String(wrk.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            if (wrk.waitFor() != 0) {
                throw new IOException("wrk failed: " + said);
            }
            return result(said);
        } finally {
            Files.delete(script);
        }
    }

    /** Requests are formatted once; wrk tells what it measured as one line of JSON. */
    private static String script(Request request) {
        return """
        local paths = {%s}
        local requests = {}
        local at = 0
        init = function(args)
          for i, path in ipairs(paths) do
            requests[i] = wrk.format("%s", path, {%s}, %s)
          end
        end
        request = function()
          at = at %% #requests + 1
          return requests[at]
        end
        done = function(summary, latency)
          local e = summary.errors
          io.write(string.format(
            '{"requests": %%d, "micros": %%d, "p50": %%f, "p95": %%f, "p99": %%f, "failed": %%d}\\n',
            summary.requests, summary.duration, latency:percentile(50), latency:percentile(95),
            latency:percentile(99), e.connect + e.read + e.write + e.status + e.timeout))
        end
        """
                .formatted(
                        request.paths().stream().map(Wrk::quoted).collect(Collectors.joining(", ")),
                        request.method(),
                        request.headers().entrySet().stream()
                                .map(e ->
                                        "[ " + quoted(e.getKey()) + " ] = " + quoted(e.getValue()))
                                .collect(Collectors.joining(", ")),
                        request.body() == null ? "nil" : quoted(request.body()));
    }

    private static String quoted(String text) {
        return "[==[" + text + "]==]";
    }

    private static Load.Result result(String said) throws IOException {
        String line =
                said.lines()
                        .filter(l -> l.startsWith("{"))
                        .findFirst()
                        .orElseThrow(() -> new IOException("wrk told nothing: " + said));
        JsonNode told = JSON.readTree(line);
        long failed = told.path("failed").asLong();
        return new Load.Result(
                (told.path("requests").asLong() - failed) * 1e6 / told.path("micros").asLong(),
                told.path("p50").asDouble() / 1e3,
                told.path("p95").asDouble() / 1e3,
                told.path("p99").asDouble() / 1e3,
                failed);
    }

    @Override
    public void close() {}
}
