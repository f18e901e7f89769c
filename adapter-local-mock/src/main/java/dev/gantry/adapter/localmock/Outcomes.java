package dev.gantry.adapter.localmock;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import dev.gantry.spi.Attempt;
import dev.gantry.spi.Failure;
import dev.gantry.spi.Failure.Actor;
import dev.gantry.spi.Failure.Code;
import dev.gantry.spi.Failure.Progress;
import dev.gantry.spi.Outcome;
import dev.gantry.spi.Outcome.Failed;
import dev.gantry.spi.Outcome.ProcessResult;
import dev.gantry.spi.Outcome.Succeeded;
import dev.gantry.spi.Outcome.Usage;
import dev.gantry.spi.Workload;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;

/** Makes an {@link Outcome} of an {@link Ending}, as a backend would. */
final class Outcomes {
    private static final int TAIL_CHARS = 16 * 1024;
    private static final Usage NO_TIME = Usage.wall(0L);

    private Outcomes() {}

    static Usage usage(Answer answer, long ranMillis) {
        if (answer.usage() != null) {
            return answer.usage();
        }
        return ranMillis == 0 ? NO_TIME : Usage.wall(ranMillis);
    }

    static Outcome of(Answer answer, Attempt attempt, long ranMillis) {
        Usage usage = usage(answer, ranMillis);
        return switch (answer.ending()) {
            case Ending.Echo() -> echo(attempt, usage);
            case Ending.Result(Template.Fixed(_, byte[] json)) when !wantsStreams(attempt) ->
                    limited(json, attempt, usage);
            case Ending.Result(Template json) ->
                    result(json.fill(Values.of(attempt)), attempt, usage);
            case Ending.Sized(int bytes) -> json(sized(bytes), attempt, usage);
            case Ending.Computed(var json) -> json(json.apply(attempt), attempt, usage);
            case Ending.Exit exit -> exit(exit, attempt, usage);
            case Ending.Error(Failure failure, var process) -> new Failed(failure, process, usage);
        };
    }

    private static Outcome echo(Attempt attempt, Usage usage) {
        if (attempt.workload() instanceof Workload.Process process && wantsStreams(attempt)) {
            Map<String, Object> start = new LinkedHashMap<>();
            start.put("image", process.image());
            start.put("command", process.command());
            if (process.script() != null) {
                start.put("script", process.script().text());
            }
            start.put("arguments", process.arguments());
            return streams(0, new String(Json.bytes(start), UTF_8), "", attempt, usage);
        }
        return limited(attempt.input(), attempt, usage);
    }

    private static boolean wantsStreams(Attempt attempt) {
        return attempt.workload() instanceof Workload.Process process
                && process.result() != Workload.Result.FUNCTION;
    }

    private static Outcome result(JsonNode value, Attempt attempt, Usage usage) {
        if (wantsStreams(attempt)) {
            String text = value.isTextual() ? value.textValue() : value.toString();
            return streams(0, text, "", attempt, usage);
        }
        return limited(Json.bytes(value), attempt, usage);
    }

    private static Outcome json(byte[] json, Attempt attempt, Usage usage) {
        return wantsStreams(attempt)
                ? streams(0, new String(json, UTF_8), "", attempt, usage)
                : limited(json, attempt, usage);
    }

    private static byte[] sized(int bytes) {
        byte[] json = new byte[bytes];
        Arrays.fill(json, (byte) 'x');
        json[0] = '"';
        json[bytes - 1] = '"';
        return json;
    }

    private static Outcome exit(Ending.Exit exit, Attempt attempt, Usage usage) {
        Values values = Values.of(attempt);
        String stdout = exit.stdout().text(values);
        String stderr = exit.stderr().text(values);
        if (wantsStreams(attempt)) {
            return streams(exit.code(), stdout, stderr, attempt, usage);
        }
        if (exit.code() != 0) {
            String message =
                    "the process of task %s ended with exit code %d"
                            .formatted(attempt.context().taskPointer(), exit.code());
            return new Failed(
                    new Failure(Code.EXIT_NONZERO, message, Actor.AUTHOR, true, Progress.ENDED),
                    new ProcessResult(exit.code(), tail(stdout), tail(stderr)),
                    usage);
        }
        JsonNode json = Json.read(stdout.getBytes(UTF_8));
        boolean isJson = !(json instanceof MissingNode);
        return limited(isJson ? stdout.getBytes(UTF_8) : Json.bytes(stdout), attempt, usage);
    }

    private static String tail(String stream) {
        return stream.substring(Math.max(0, stream.length() - TAIL_CHARS));
    }

    private static Outcome streams(
            int code, String stdout, String stderr, Attempt attempt, Usage usage) {
        Workload.Result asked = ((Workload.Process) attempt.workload()).result();
        Map<String, Object> process = new LinkedHashMap<>();
        process.put("code", code);
        process.put("stdout", asked.wantsStdout(code) ? stdout : tail(stdout));
        process.put("stderr", asked.wantsStderr(code) ? stderr : tail(stderr));
        return limited(Json.bytes(process), attempt, usage);
    }

    private static Outcome limited(byte[] output, Attempt attempt, Usage usage) {
        long limit = attempt.limits().maxOutputBytes();
        if (output.length <= limit) {
            return new Succeeded(output, usage);
        }
        String message =
                "the result of task %s has %d bytes, at most %d are allowed"
                        .formatted(attempt.context().taskPointer(), output.length, limit);
        return new Failed(
                new Failure(Code.OUTPUT_TOO_LARGE, message, Actor.AUTHOR, false, Progress.ENDED),
                null,
                usage);
    }

    /** Stopped by the mock itself, because nobody did when its time was over. */
    static Outcome overdue(Answer answer, Attempt attempt, long ranMillis) {
        String message =
                "task %s was still running after its timeout of %s"
                        .formatted(attempt.context().taskPointer(), attempt.limits().timeout());
        return new Failed(
                new Failure(Code.TIMEOUT, message, Actor.AUTHOR, true, Progress.MAY_HAVE_COMMITTED),
                null,
                usage(answer, ranMillis));
    }
}
