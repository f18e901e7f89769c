package dev.gantry.adapter.docker;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.github.dockerjava.api.command.InspectContainerResponse;
import com.github.dockerjava.api.command.InspectContainerResponse.ContainerState;
import dev.gantry.spi.Attempt;
import dev.gantry.spi.ExecutionException;
import dev.gantry.spi.Failure;
import dev.gantry.spi.Failure.Actor;
import dev.gantry.spi.Failure.Code;
import dev.gantry.spi.Failure.Progress;
import dev.gantry.spi.LogSink;
import dev.gantry.spi.Outcome;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.EnumMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Observes one container to its end: its log as it comes, then how it ended. */
final class Watch {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final int TAIL = 16 * 1024;
    private static final int KILLED_BY_SIGNAL = 128;
    private static final Set<String> RETRYABLE = Set.of(Code.KILLED, Code.EXIT_NONZERO);
    private static final int BROKEN_STREAMS = 5;

    private final Containers containers;
    private final Streams streams;
    private final ContainerFiles files;
    private final String container;
    private final Attempt attempt;
    private final ContainerPlan plan;
    private final @Nullable LogSink sink;
    private final Map<LogSink.Stream, Kept> kept = new EnumMap<>(LogSink.Stream.class);

    /**
     * What is needed of a stream after the end: its beginning for the result, its tail for people.
     */
    private static final class Kept {
        final ByteArrayOutputStream head = new ByteArrayOutputStream();
        final ByteArrayOutputStream tail = new ByteArrayOutputStream();
        long total;

        void add(byte[] bytes, long max) {
            total += bytes.length;
            if (head.size() <= max) {
                head.write(bytes, 0, (int) Math.min(bytes.length, max + 1 - head.size()));
            }
            if (tail.size() + bytes.length > 4 * TAIL) {
                byte[] old = tail.toByteArray();
                tail.reset();
                tail.write(old, Math.max(0, old.length - TAIL), Math.min(TAIL, old.length));
            }
            tail.write(bytes, 0, bytes.length);
        }

        String tailText() {
            byte[] all = tail.toByteArray();
            int from = Math.max(0, all.length - TAIL);
            return new String(all, from, all.length - from, StandardCharsets.UTF_8);
        }
    }

    /**
     * @param sink null if the log was taken before
     */
    Watch(
            Containers containers,
            Streams streams,
            ContainerFiles files,
            String container,
            Attempt attempt,
            ContainerPlan plan,
            @Nullable LogSink sink) {
        this.containers = containers;
        this.streams = streams;
        this.files = files;
        this.container = container;
        this.attempt = attempt;
        this.plan = plan;
        this.sink = sink;
    }

    /** Blocks until the container has ended. */
    Outcome toTheEnd() throws ExecutionException {
        int broken = 0;
        while (true) {
            IOException failure = readLog(true);
            InspectContainerResponse now = inspect(failure);
            if (now == null) {
                throw new ExecutionException(
                        new Failure(
                                Code.LOST,
                                "container %s is gone".formatted(attempt.externalName()),
                                Actor.BACKEND,
                                true,
                                Progress.MAY_HAVE_COMMITTED));
            }
            if (!Containers.isRunning(now)) {
                // A stream that is followed can end before the last bytes; what is stored is whole.
                failure = readLog(false);
                if (failure == null) {
                    return outcome(now);
                }
            }
            if (failure != null && ++broken > BROKEN_STREAMS) {
                throw gone(failure);
            }
            pause(Duration.ofMillis(100L * Math.max(1, broken)));
        }
    }

    private @Nullable InspectContainerResponse inspect(@Nullable IOException before)
            throws ExecutionException {
        try {
            return containers.inspect(container);
        } catch (RuntimeException e) {
            throw gone(before == null ? e : before);
        }
    }

    private ExecutionException gone(Exception cause) {
        return new ExecutionException(
                Failures.unavailable(
                        "container %s cannot be observed".formatted(attempt.externalName()),
                        cause,
                        Progress.MAY_HAVE_COMMITTED),
                cause);
    }

    private static void pause(Duration time) throws ExecutionException {
        try {
            Thread.sleep(time);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new ExecutionException(
                    Failures.unavailable(
                            "observing was interrupted", e, Progress.MAY_HAVE_COMMITTED),
                    e);
        }
    }

    /** Reads the log from its beginning; what the sink has, it recognises by the offset. */
    @Nullable IOException readLog(boolean follow) {
        kept.clear();
        kept.put(LogSink.Stream.STDOUT, new Kept());
        kept.put(LogSink.Stream.STDERR, new Kept());
        try {
            streams.logs(
                    container,
                    follow,
                    (stdout, bytes) -> {
                        LogSink.Stream stream =
                                stdout ? LogSink.Stream.STDOUT : LogSink.Stream.STDERR;
                        Kept of = kept(stream);
                        long offset = of.total;
                        of.add(bytes, attempt.limits().maxOutputBytes());
                        if (sink != null) {
                            sink.write(stream, offset, bytes);
                        }
                    });
            return null;
        } catch (IOException e) {
            return e;
        }
    }

    private Kept kept(LogSink.Stream stream) {
        return java.util.Objects.requireNonNull(kept.get(stream));
    }

    Outcome outcome(InspectContainerResponse ended) throws ExecutionException {
        ContainerState state = ended.getState();
        Long exit = state.getExitCodeLong();
        int code = exit == null ? -1 : exit.intValue();
        Outcome.Usage usage = new Outcome.Usage(wallMillis(state), null, null);
        if (Boolean.TRUE.equals(state.getOOMKilled())) {
            return failed(
                    Code.OUT_OF_MEMORY,
                    "the workload used more memory than its limit",
                    Actor.AUTHOR,
                    Progress.MAY_HAVE_COMMITTED,
                    code,
                    usage);
        }
        if (code == -1 || (state.getError() != null && !state.getError().isEmpty())) {
            return failed(
                    Code.INVALID_WORKLOAD,
                    "the workload could not be started: " + state.getError(),
                    Actor.AUTHOR,
                    Progress.NEVER_STARTED,
                    code,
                    usage);
        }
        if (code == KILLED_BY_SIGNAL + 9 || code == KILLED_BY_SIGNAL + 15) {
            return failed(
                    Code.KILLED,
                    "the workload was killed from outside (exit code %d)".formatted(code),
                    Actor.BACKEND,
                    Progress.MAY_HAVE_COMMITTED,
                    code,
                    usage);
        }
        return switch (plan.result()) {
            case FUNCTION ->
                    code != 0
                            ? failed(
                                    Code.EXIT_NONZERO,
                                    "the workload ended with exit code %d: %s"
                                            .formatted(code, lastLine()),
                                    Actor.AUTHOR,
                                    Progress.ENDED,
                                    code,
                                    usage)
                            : result(usage);
            case PROCESS -> process(code, usage);
        };
    }

    private Outcome failed(
            String code,
            String message,
            Actor actor,
            Progress progress,
            int exit,
            Outcome.Usage usage) {
        return new Outcome.Failed(
                new Failure(code, message, actor, RETRYABLE.contains(code), progress),
                new Outcome.ProcessResult(
                        exit,
                        kept(LogSink.Stream.STDOUT).tailText(),
                        kept(LogSink.Stream.STDERR).tailText()),
                usage);
    }

    private String lastLine() {
        String text = kept(LogSink.Stream.STDERR).tailText().strip();
        return text.substring(text.lastIndexOf('\n') + 1);
    }

    private Outcome tooLarge(long bytes, Outcome.Usage usage) {
        return new Outcome.Failed(
                new Failure(
                        Code.OUTPUT_TOO_LARGE,
                        "the result has %d bytes or more, at most %d are kept: write large results to GANTRY_ARTIFACTS"
                                .formatted(bytes, attempt.limits().maxOutputBytes()),
                        Actor.AUTHOR,
                        false,
                        Progress.ENDED),
                null,
                usage);
    }

    private Outcome result(Outcome.Usage usage) throws ExecutionException {
        long max = attempt.limits().maxOutputBytes();
        Optional<byte[]> file;
        try {
            file = files.result(container, max);
        } catch (IOException | RuntimeException e) {
            throw gone(e);
        }
        byte[] bytes = file.orElseGet(() -> kept(LogSink.Stream.STDOUT).head.toByteArray());
        if (bytes.length > max) {
            return tooLarge(bytes.length, usage);
        }
        if (isJson(bytes)) {
            return new Outcome.Succeeded(bytes, usage);
        }
        if (file.isPresent()) {
            return new Outcome.Failed(
                    new Failure(
                            Code.FUNCTION_ERROR,
                            "the result file is not JSON",
                            Actor.AUTHOR,
                            false,
                            Progress.ENDED),
                    null,
                    usage);
        }
        byte[] text = json(new String(bytes, StandardCharsets.UTF_8));
        return text.length > max
                ? tooLarge(text.length, usage)
                : new Outcome.Succeeded(text, usage);
    }

    private static boolean isJson(byte[] bytes) {
        try {
            return !JSON.readTree(bytes).isMissingNode();
        } catch (IOException e) {
            return false;
        }
    }

    private Outcome process(int code, Outcome.Usage usage) {
        ObjectNode result = JSON.createObjectNode();
        result.put("code", code);
        result.put("stdout", kept(LogSink.Stream.STDOUT).head.toString(StandardCharsets.UTF_8));
        result.put("stderr", kept(LogSink.Stream.STDERR).head.toString(StandardCharsets.UTF_8));
        byte[] bytes = json(result);
        return bytes.length > attempt.limits().maxOutputBytes()
                ? tooLarge(bytes.length, usage)
                : new Outcome.Succeeded(bytes, usage);
    }

    private static byte[] json(Object value) {
        try {
            return JSON.writeValueAsBytes(value);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("text can always be written as JSON", e);
        }
    }

    private static @Nullable Long wallMillis(ContainerState state) {
        try {
            String began = state.getStartedAt();
            String ended = state.getFinishedAt();
            return began == null || ended == null
                    ? null
                    : (Long)
                            Duration.between(Instant.parse(began), Instant.parse(ended)).toMillis();
        } catch (DateTimeParseException e) {
            return null;
        }
    }
}
