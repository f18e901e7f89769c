package dev.gantry.adapter.docker;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.github.dockerjava.api.command.InspectContainerResponse.ContainerState;
import dev.gantry.spi.Failure;
import dev.gantry.spi.Failure.Actor;
import dev.gantry.spi.Failure.Code;
import dev.gantry.spi.Failure.Progress;
import dev.gantry.spi.LogSink.Stream;
import dev.gantry.spi.Outcome;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** What the end of a container means: for the step, from its exit code and what it left. */
final class Endings {
    private static final ObjectMapper JSON =
            JsonMapper.builder().enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS).build();
    private static final Set<String> RETRYABLE = Set.of(Code.KILLED, Code.EXIT_NONZERO);
    private static final int BY_SIGNAL = 128;
    private static final int KILL = 9;
    private static final int TERMINATE = 15;

    private final ContainerPlan plan;
    private final long maxOutputBytes;
    private final Capture capture;
    private final ContainerState state;
    private final int code;
    private final Outcome.Usage usage;

    Endings(ContainerPlan plan, long maxOutputBytes, Capture capture, ContainerState state) {
        this.plan = plan;
        this.maxOutputBytes = maxOutputBytes;
        this.capture = capture;
        this.state = state;
        Long exit = state.getExitCodeLong();
        this.code = exit == null ? -1 : exit.intValue();
        this.usage = Outcome.Usage.wall(wallMillis(state));
    }

    interface ResultFile {
        Optional<byte[]> read() throws IOException;
    }

    interface Evidence {
        /** Whether the engine sent the signal; null if that is not known. */
        @Nullable Boolean sent(int signal);
    }

    /**
     * @param cancelled whether Gantry has asked it to stop
     */
    Outcome outcome(boolean cancelled, Evidence evidence, ResultFile file) throws IOException {
        if (cancelled && code >= BY_SIGNAL) {
            return new Outcome.Cancelled(usage);
        }
        boolean lackedMemory = Boolean.TRUE.equals(state.getOOMKilled());
        // A child may have been ended for lack of memory, and its parent have known what to do.
        if (lackedMemory && code == BY_SIGNAL + KILL) {
            return failed(
                    Code.OUT_OF_MEMORY,
                    "the workload used more memory than its limit",
                    Actor.AUTHOR,
                    Progress.MAY_HAVE_COMMITTED);
        }
        String error = state.getError();
        if (code == -1 || (error != null && !error.isEmpty())) {
            return failed(
                    Code.INVALID_WORKLOAD,
                    "the workload could not be started: " + error,
                    Actor.AUTHOR,
                    Progress.NEVER_STARTED);
        }
        if (code > BY_SIGNAL && wasKilled(code - BY_SIGNAL, evidence)) {
            return failed(
                    Code.KILLED,
                    "the workload was killed from outside (exit code %d)".formatted(code),
                    Actor.BACKEND,
                    Progress.MAY_HAVE_COMMITTED);
        }
        return switch (plan.result()) {
            case FUNCTION -> code == 0 ? result(file) : nonZero(lackedMemory);
            case PROCESS, CODE, STDOUT, STDERR -> process();
        };
    }

    /** Without evidence the signals that engines use to end containers count as theirs. */
    private static boolean wasKilled(int signal, Evidence evidence) {
        Boolean sent = evidence.sent(signal);
        return sent == null ? signal == KILL || signal == TERMINATE : sent;
    }

    private Outcome nonZero(boolean lackedMemory) {
        return failed(
                Code.EXIT_NONZERO,
                "the workload ended with exit code %d%s: %s"
                        .formatted(
                                code,
                                lackedMemory
                                        ? ", after one of its processes was ended for lack of memory"
                                        : "",
                                lastLine()),
                Actor.AUTHOR,
                Progress.ENDED);
    }

    private Outcome failed(String failure, String message, Actor actor, Progress progress) {
        return new Outcome.Failed(
                new Failure(failure, message, actor, RETRYABLE.contains(failure), progress),
                new Outcome.ProcessResult(
                        code, capture.tailText(Stream.STDOUT), capture.tailText(Stream.STDERR)),
                usage);
    }

    private String lastLine() {
        String text = capture.tailText(Stream.STDERR).strip();
        return text.substring(text.lastIndexOf('\n') + 1);
    }

    private Outcome tooLarge(String what, long bytes) {
        return new Outcome.Failed(
                new Failure(
                        Code.OUTPUT_TOO_LARGE,
                        "%s has %d bytes or more, at most %d are kept: write large results to GANTRY_ARTIFACTS"
                                .formatted(what, bytes, maxOutputBytes),
                        Actor.AUTHOR,
                        false,
                        Progress.ENDED),
                null,
                usage);
    }

    private Outcome result(ResultFile file) throws IOException {
        Optional<byte[]> written = file.read();
        byte[] bytes = written.orElseGet(() -> capture.head(Stream.STDOUT));
        if (bytes.length > maxOutputBytes) {
            return tooLarge("the result", bytes.length);
        }
        if (isJson(bytes)) {
            return new Outcome.Succeeded(bytes, usage);
        }
        if (written.isPresent()) {
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
        return text.length > maxOutputBytes
                ? tooLarge("the result", text.length)
                : new Outcome.Succeeded(text, usage);
    }

    /** All of it, and one value: what goes on behind it is text. */
    private static boolean isJson(byte[] bytes) {
        try {
            return !JSON.readTree(bytes).isMissingNode();
        } catch (IOException e) {
            return false;
        }
    }

    private Outcome process() {
        ObjectNode result = JSON.createObjectNode();
        result.put("code", code);
        result.put("stdout", text(Stream.STDOUT, plan.result().wantsStdout(code)));
        result.put("stderr", text(Stream.STDERR, plan.result().wantsStderr(code)));
        byte[] bytes = json(result);
        if (bytes.length <= maxOutputBytes) {
            return new Outcome.Succeeded(bytes, usage);
        }
        return tooLarge(
                switch (plan.result()) {
                    case STDOUT -> "standard output";
                    case STDERR -> "standard error";
                    case CODE, PROCESS, FUNCTION -> "the process's output";
                },
                bytes.length);
    }

    private String text(Stream stream, boolean wanted) {
        return wanted
                ? new String(capture.head(stream), StandardCharsets.UTF_8)
                : capture.tailText(stream);
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
            return (began == null || ended == null)
                    ? null
                    : (Long)
                            Duration.between(Instant.parse(began), Instant.parse(ended)).toMillis();
        } catch (DateTimeParseException e) {
            return null;
        }
    }
}
