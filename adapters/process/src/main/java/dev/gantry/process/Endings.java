package dev.gantry.process;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.gantry.spi.Failure;
import dev.gantry.spi.Failure.Actor;
import dev.gantry.spi.Failure.Code;
import dev.gantry.spi.Failure.Progress;
import dev.gantry.spi.LogSink.Stream;
import dev.gantry.spi.Outcome;
import dev.gantry.spi.Workload;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;

/** What the end of a process means for its step: from its exit code, and what it left. */
public final class Endings {
    private static final ObjectMapper JSON =
            JsonMapper.builder().enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS).build();
    private static final Set<String> RETRYABLE = Set.of(Code.KILLED, Code.EXIT_NONZERO);
    private static final int BY_SIGNAL = 128;
    private static final int KILL = 9;
    private static final int TERMINATE = 15;

    private final Workload.Result asked;
    private final long maxOutputBytes;
    private final Capture capture;
    private final Ending ending;
    private final int code;

    /**
     * @param asked what of the process is the step's output
     * @param maxOutputBytes that it may have
     */
    public Endings(Workload.Result asked, long maxOutputBytes, Capture capture, Ending ending) {
        this.asked = asked;
        this.maxOutputBytes = maxOutputBytes;
        this.capture = capture;
        this.ending = ending;
        this.code = ending.code() == null ? -1 : ending.code();
    }

    /** Brings what is in {@link StepFiles#OUTPUT}. */
    public interface ResultFile {
        /**
         * @return at most one byte more than the limit; empty if the workload wrote none
         */
        Optional<byte[]> read() throws IOException;
    }

    /**
     * @param cancelled whether Gantry has asked it to stop
     * @param file asked only where the result is in it
     */
    public Outcome outcome(boolean cancelled, ResultFile file) throws IOException {
        if (cancelled && code >= BY_SIGNAL) {
            return new Outcome.Cancelled(ending.usage());
        }
        boolean lackedMemory = ending.lackedMemory();
        // A child may have been ended for lack of memory, and its parent have known what to do.
        if (lackedMemory && code == BY_SIGNAL + KILL) {
            return failed(
                    Code.OUT_OF_MEMORY,
                    "the workload used more memory than its limit",
                    Actor.AUTHOR,
                    Progress.MAY_HAVE_COMMITTED);
        }
        if (code == -1 || ending.couldNotStart() != null) {
            return failed(
                    Code.INVALID_WORKLOAD,
                    "the workload could not be started: "
                            + Objects.requireNonNullElse(
                                    ending.couldNotStart(), "its backend says no more"),
                    Actor.AUTHOR,
                    Progress.NEVER_STARTED);
        }
        if (code > BY_SIGNAL && wasKilled(code - BY_SIGNAL)) {
            return failed(
                    Code.KILLED,
                    "the workload was killed from outside (exit code %d)".formatted(code),
                    Actor.BACKEND,
                    Progress.MAY_HAVE_COMMITTED);
        }
        return switch (asked) {
            case FUNCTION -> code == 0 ? result(file) : nonZero(lackedMemory);
            case PROCESS, CODE, STDOUT, STDERR -> process();
        };
    }

    /** Where it is not known, the signals that backends use to end processes count as theirs. */
    private boolean wasKilled(int signal) {
        Boolean sent = ending.signals().sent(signal);
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
        return failed(new Failure(failure, message, actor, RETRYABLE.contains(failure), progress));
    }

    /** With what the process left; for endings that only its backend knows. */
    public Outcome failed(Failure failure) {
        return new Outcome.Failed(
                failure,
                new Outcome.ProcessResult(
                        code, capture.tailText(Stream.STDOUT), capture.tailText(Stream.STDERR)),
                ending.usage());
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
                ending.usage());
    }

    private Outcome result(ResultFile file) throws IOException {
        Optional<byte[]> written = file.read();
        byte[] bytes = written.orElseGet(() -> capture.head(Stream.STDOUT));
        if (bytes.length > maxOutputBytes) {
            return tooLarge("the result", bytes.length);
        }
        if (isJson(bytes)) {
            return new Outcome.Succeeded(bytes, ending.usage());
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
                    ending.usage());
        }
        byte[] text = json(new String(bytes, StandardCharsets.UTF_8));
        return text.length > maxOutputBytes
                ? tooLarge("the result", text.length)
                : new Outcome.Succeeded(text, ending.usage());
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
        result.put("stdout", text(Stream.STDOUT, asked.wantsStdout(code)));
        result.put("stderr", text(Stream.STDERR, asked.wantsStderr(code)));
        byte[] bytes = json(result);
        if (bytes.length <= maxOutputBytes) {
            return new Outcome.Succeeded(bytes, ending.usage());
        }
        return tooLarge(
                switch (asked) {
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
}
