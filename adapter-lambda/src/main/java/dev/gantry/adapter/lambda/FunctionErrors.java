package dev.gantry.adapter.lambda;

import com.fasterxml.jackson.databind.JsonNode;
import dev.gantry.spi.Failure;
import dev.gantry.spi.Failure.Actor;
import dev.gantry.spi.Failure.Code;
import dev.gantry.spi.Failure.Progress;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * What it means that a function ended with an error. Its own errors, of whatever class, ended it by
 * itself; those of the runtime and the sandbox may have cut it off.
 */
final class FunctionErrors {
    /** The process of the function ended in the middle of an invocation. */
    static final String EXITED = "LAMBDA_PROCESS_EXITED";

    private static final Pattern OF_THE_PLATFORM =
            Pattern.compile("(Runtime|Sandbox|Function|Extension|Lambda)\\.[A-Za-z]+");

    /** The handler was not reached. */
    private static final Set<String> BEFORE_THE_HANDLER =
            Set.of(
                    "Runtime.ImportModuleError",
                    "Runtime.HandlerNotFound",
                    "Runtime.MalformedHandlerName",
                    "Runtime.UserCodeSyntaxError",
                    "Runtime.UserCodeLoadError",
                    "Runtime.InvalidEntrypoint",
                    "Runtime.InvalidWorkingDir");

    private FunctionErrors() {}

    /**
     * @param type the {@code errorType} that the answer names; empty if it names none
     * @param report what the log says of the invocation, or null
     */
    static Failure of(String type, String message, @Nullable Report report) {
        String told = type.isEmpty() ? message : "%s: %s".formatted(type, message);
        if (report != null && report.isOfATimeout()) {
            return timedOut(message);
        }
        if (BEFORE_THE_HANDLER.contains(type)) {
            return new Failure(
                    Code.FUNCTION_ERROR,
                    "the function cannot begin: " + told,
                    Actor.AUTHOR,
                    false,
                    Progress.ENDED);
        }
        return switch (type) {
            case "Sandbox.Timedout", "Function.TimedOut" -> timedOut(message);
            case "Runtime.OutOfMemory" -> outOfMemory(told);
            case "Runtime.ExitError" ->
                    report != null && report.usedAllMemory() && message.contains("killed")
                            ? outOfMemory(told)
                            : new Failure(
                                    EXITED,
                                    "the function's process ended before it answered: " + message,
                                    Actor.AUTHOR,
                                    true,
                                    Progress.MAY_HAVE_COMMITTED);
            case "Function.ResponseSizeTooLarge" ->
                    new Failure(
                            Code.OUTPUT_TOO_LARGE,
                            "the function ran, and Lambda does not carry its result: "
                                    + message
                                    + "; write large results to S3 and return where they are",
                            Actor.AUTHOR,
                            false,
                            Progress.MAY_HAVE_COMMITTED);
            case "Runtime.MarshalError" ->
                    new Failure(
                            Code.FUNCTION_ERROR,
                            "the function ran, and its result is not JSON: " + message,
                            Actor.AUTHOR,
                            false,
                            Progress.MAY_HAVE_COMMITTED);
            default ->
                    new Failure(
                            Code.FUNCTION_ERROR,
                            "the function failed: " + told,
                            Actor.AUTHOR,
                            true,
                            OF_THE_PLATFORM.matcher(type).matches()
                                    ? Progress.MAY_HAVE_COMMITTED
                                    : Progress.ENDED);
        };
    }

    private static Failure timedOut(String message) {
        return new Failure(
                Code.TIMEOUT,
                "the function was stopped at its own timeout: " + message,
                Actor.AUTHOR,
                true,
                Progress.MAY_HAVE_COMMITTED);
    }

    private static Failure outOfMemory(String told) {
        return new Failure(
                Code.OUT_OF_MEMORY,
                "the function used more memory than it has: " + told,
                Actor.AUTHOR,
                false,
                Progress.MAY_HAVE_COMMITTED);
    }

    /** The error as a function's answer has it. What is no object of that form is no type. */
    static Failure of(@Nullable JsonNode answer, @Nullable Report report) {
        if (answer == null || !answer.isObject()) {
            if (report != null && report.isOfATimeout()) {
                return timedOut("by Lambda's report");
            }
            // Who wrote this is not known, so neither is how far the function came.
            return new Failure(
                    Code.FUNCTION_ERROR,
                    "the function failed, and does not say why",
                    Actor.AUTHOR,
                    true,
                    Progress.MAY_HAVE_COMMITTED);
        }
        return of(
                answer.path("errorType").asText(""),
                answer.path("errorMessage").asText("without a message"),
                report);
    }
}
