package dev.gantry.adapter.localmock;

import dev.gantry.spi.Failure;
import dev.gantry.spi.Failure.Actor;
import dev.gantry.spi.Failure.By;
import dev.gantry.spi.Failure.Code;
import dev.gantry.spi.Failure.Progress;
import dev.gantry.spi.Outcome.ProcessResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** What a real backend says beside a failure's code, for scripts that give only that. */
final class Errors {
    /** As Gantry's own calls say that a service answered so. */
    private static final Pattern SERVICE = Pattern.compile("HTTP_(\\d{3})|(?:HTTP|GRPC)_.*");

    private Errors() {}

    static String checked(@Nullable String code) {
        if (code == null) {
            throw new IllegalArgumentException("'code' is missing");
        }
        if (!code.matches("[A-Z][A-Z0-9_]*")) {
            throw new IllegalArgumentException(
                    "code '%s' is not in upper case such as FUNCTION_ERROR".formatted(code));
        }
        return code;
    }

    static String message(String code) {
        return "scripted failure " + code;
    }

    static Failure changed(
            Failure usual,
            @Nullable Actor actor,
            @Nullable Boolean retryable,
            @Nullable Progress progress) {
        return new Failure(
                usual.code(),
                usual.message(),
                actor == null ? usual.actor() : actor,
                retryable == null ? usual.retryable() : retryable,
                progress == null ? usual.progress() : progress,
                usual.by(),
                usual.status());
    }

    static Ending.Error of(String code, String message) {
        Failure failure = failure(code, message);
        return switch (code) {
            case Code.OUT_OF_MEMORY, Code.KILLED ->
                    new Ending.Error(failure, new ProcessResult(137, "", ""));
            case Code.EXIT_NONZERO -> new Ending.Error(failure, new ProcessResult(1, "", ""));
            default -> new Ending.Error(failure, null);
        };
    }

    static Failure failure(String code, String message) {
        Matcher service = SERVICE.matcher(code);
        if (service.matches()) {
            String status = service.group(1);
            return new Failure(
                    code,
                    message,
                    Actor.AUTHOR,
                    true,
                    Progress.ENDED,
                    By.SERVICE,
                    status == null ? null : Integer.valueOf(status));
        }
        return switch (code) {
            case Code.BACKEND_UNAVAILABLE ->
                    new Failure(code, message, Actor.BACKEND, true, Progress.NEVER_STARTED);
            case Code.BACKEND_REFUSED ->
                    new Failure(code, message, Actor.PLATFORM, false, Progress.NEVER_STARTED);
            case Code.IMAGE_NOT_FOUND, Code.INVALID_WORKLOAD ->
                    new Failure(code, message, Actor.AUTHOR, false, Progress.NEVER_STARTED);
            case Code.THROTTLED ->
                    new Failure(code, message, Actor.THROTTLED, true, Progress.NEVER_STARTED);
            case Code.OUT_OF_MEMORY ->
                    new Failure(code, message, Actor.AUTHOR, false, Progress.MAY_HAVE_COMMITTED);
            case Code.TIMEOUT ->
                    new Failure(code, message, Actor.AUTHOR, true, Progress.MAY_HAVE_COMMITTED);
            case Code.KILLED, Code.LOST ->
                    new Failure(code, message, Actor.BACKEND, true, Progress.MAY_HAVE_COMMITTED);
            case Code.OUTPUT_TOO_LARGE ->
                    new Failure(code, message, Actor.AUTHOR, false, Progress.ENDED);
            default -> new Failure(code, message, Actor.AUTHOR, true, Progress.ENDED);
        };
    }
}
