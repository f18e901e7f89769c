package dev.gantry.adapter.docker;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.github.dockerjava.api.exception.DockerException;
import com.github.dockerjava.transport.DockerHttpClient;
import com.github.dockerjava.transport.DockerHttpClient.Request;
import dev.gantry.process.Ending;
import dev.gantry.spi.Outcome;
import dev.gantry.spi.Workload;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * A container as the engine tells it. Every step asks more than once, and docker-java takes longer
 * to make its own object of the answer than the engine takes to give it.
 */
record Seen(JsonNode told) {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final int OK = 200;
    private static final int NOT_FOUND = 404;
    private static final long NANOS_PER_MILLI = 1_000_000;

    /** Null if there is no such container. */
    static @Nullable Seen on(DockerHttpClient engine, String container) {
        Request request =
                Request.builder()
                        .method(Request.Method.GET)
                        .path("/containers/%s/json".formatted(container))
                        .build();
        try (DockerHttpClient.Response response = engine.execute(request)) {
            return switch (response.getStatusCode()) {
                case OK -> new Seen(JSON.readTree(response.getBody()));
                case NOT_FOUND -> null;
                default ->
                        throw new DockerException(
                                new String(
                                        response.getBody().readAllBytes(), StandardCharsets.UTF_8),
                                response.getStatusCode());
            };
        } catch (IOException e) {
            throw new UncheckedIOException("the engine's answer broke off", e);
        }
    }

    String id() {
        return told.path("Id").asText();
    }

    Map<String, String> labels() {
        Map<String, String> labels = new TreeMap<>();
        told.path("Config")
                .path("Labels")
                .properties()
                .forEach(label -> labels.put(label.getKey(), label.getValue().asText()));
        return labels;
    }

    private JsonNode state() {
        return told.path("State");
    }

    boolean isCreated() {
        return state().path("Status").asText().equals("created");
    }

    boolean isRunning() {
        return state().path("Running").asBoolean()
                || state().path("Status").asText().equals("removing");
    }

    /** Whether it has ended and is to stay, at least for now. */
    boolean isKept() {
        Map<String, String> labels = labels();
        if (!Workload.Retention.KEEP.name().equals(labels.get(Containers.RETENTION))) {
            return false;
        }
        String seconds = labels.get(Containers.KEEP_SECONDS);
        Instant ended = time("FinishedAt");
        return seconds == null
                || ended == null
                || Instant.now().isBefore(ended.plusSeconds(Long.parseLong(seconds)));
    }

    Ending ending(Ending.Signals signals, Meter.Sample measured) {
        JsonNode code = state().path("ExitCode");
        String error = state().path("Error").asText();
        return new Ending(
                code.isNumber() ? code.asInt() : null,
                error.isEmpty() ? null : error,
                state().path("OOMKilled").asBoolean(),
                signals,
                usage(measured));
    }

    /** The limits are those that the container was created with, whatever the settings are now. */
    private Outcome.Usage usage(Meter.Sample measured) {
        long nanoCpus = told.path("HostConfig").path("NanoCpus").asLong();
        long memory = told.path("HostConfig").path("Memory").asLong();
        return new Outcome.Usage(
                wallMillis(),
                measured.cpuMillis(),
                measured.peakMemoryBytes(),
                nanoCpus == 0 ? null : (int) (nanoCpus / NANOS_PER_MILLI),
                memory == 0 ? null : memory,
                Map.of());
    }

    private @Nullable Long wallMillis() {
        Instant began = time("StartedAt");
        Instant ended = time("FinishedAt");
        // The two are told by two processes, and their order is not always kept.
        return began == null || ended == null
                ? null
                : Math.max(0, Duration.between(began, ended).toMillis());
    }

    private @Nullable Instant time(String name) {
        try {
            return Instant.parse(state().path(name).asText());
        } catch (DateTimeParseException e) {
            return null;
        }
    }
}
