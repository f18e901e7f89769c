package dev.gantry.orchestrator.api;

import dev.gantry.orchestrator.database.DatabaseFault;
import dev.gantry.orchestrator.execution.Executions.Refused;
import dev.gantry.orchestrator.problem.Problem;
import dev.gantry.orchestrator.problem.ProblemCode;
import dev.gantry.orchestrator.problem.Refusal;
import jakarta.servlet.http.HttpServletRequest;
import java.net.SocketTimeoutException;
import java.nio.channels.ClosedByInterruptException;
import java.util.Collection;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadLocalRandom;
import java.util.stream.Collectors;
import org.apache.tomcat.util.http.InvalidParameterException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.http.MediaType;
import org.springframework.http.converter.HttpMessageNotReadableException;
import org.springframework.security.web.firewall.RequestRejectedException;
import org.springframework.web.ErrorResponse;
import org.springframework.web.HttpMediaTypeNotAcceptableException;
import org.springframework.web.HttpMediaTypeNotSupportedException;
import org.springframework.web.HttpRequestMethodNotSupportedException;
import org.springframework.web.bind.MissingServletRequestParameterException;
import org.springframework.web.method.annotation.MethodArgumentTypeMismatchException;
import org.springframework.web.servlet.NoHandlerFoundException;
import org.springframework.web.servlet.resource.NoResourceFoundException;

/** Says what a failure means for whoever made the request. */
final class Failures {
    private static final Logger LOG = LoggerFactory.getLogger(Failures.class);

    private Failures() {}

    static Problem of(Throwable failure, HttpServletRequest request) {
        return switch (failure) {
            case Refusal refusal -> refusal.problem();
            case Refused refused -> of(refused);
            case CompletionException wrapper when wrapper.getCause() != null ->
                    of(wrapper.getCause(), request);
            case ExecutionException wrapper when wrapper.getCause() != null ->
                    of(wrapper.getCause(), request);
            case HttpMessageNotReadableException late
                    when isCausedBy(late, SocketTimeoutException.class) ->
                    Problem.of(ProblemCode.REQUEST_TIMEOUT, "The body did not come in time.");
            case HttpMessageNotReadableException unreadable -> BodyFaults.of(unreadable).problem();
            case MethodArgumentTypeMismatchException mismatch -> mismatch(mismatch);
            case NoHandlerFoundException _ -> nothing(request);
            case NoResourceFoundException _ -> nothing(request);
            case HttpRequestMethodNotSupportedException method -> method(method, request);
            case HttpMediaTypeNotSupportedException type ->
                    Problem.of(
                            ProblemCode.MEDIA_TYPE_UNSUPPORTED,
                            "The body is of type %s; expected is %s."
                                    .formatted(
                                            type.getContentType() == null
                                                    ? "no stated type"
                                                    : type.getContentType(),
                                            list(type.getSupportedMediaTypes())),
                            Map.of("expected", texts(type.getSupportedMediaTypes())),
                            List.of());
            case HttpMediaTypeNotAcceptableException type ->
                    Problem.of(
                            ProblemCode.NOT_ACCEPTABLE,
                            "The Accept header excludes every form of the answer: %s."
                                    .formatted(list(type.getSupportedMediaTypes())),
                            Map.of("possible", texts(type.getSupportedMediaTypes())),
                            List.of());
            case MissingServletRequestParameterException missing ->
                    Problem.of(
                            ProblemCode.PARAMETER_INVALID,
                            "The query parameter '%s' is missing."
                                    .formatted(missing.getParameterName()));
            case InvalidParameterException _ -> unreadable();
            case RequestRejectedException _ -> unreadable();
            case ErrorResponse other when other.getStatusCode().is4xxClientError() ->
                    Problem.of(
                            ProblemCode.ofStatus(other.getStatusCode().value()),
                            other.getBody().getDetail());
            default -> unexpected(failure, request);
        };
    }

    private static Problem of(Refused refused) {
        ProblemCode code =
                switch (refused.code()) {
                    case EXECUTION_NOT_FOUND -> ProblemCode.EXECUTION_NOT_FOUND;
                    case STEP_NOT_FOUND -> ProblemCode.STEP_NOT_FOUND;
                    case DEFINITION_NOT_FOUND -> ProblemCode.DEFINITION_NOT_FOUND;
                    case DEFINITION_DISABLED -> ProblemCode.DEFINITION_DISABLED;
                    case INPUT_INVALID -> ProblemCode.INPUT_INVALID;
                    case INPUT_TOO_LARGE -> ProblemCode.INPUT_TOO_LARGE;
                    case IDEMPOTENCY_KEY_REUSED -> ProblemCode.IDEMPOTENCY_KEY_REUSED;
                    case WRONG_STATUS -> ProblemCode.WRONG_STATUS;
                    case ADAPTER_DISCONNECTED -> ProblemCode.ADAPTER_DISCONNECTED;
                    case OVERLOADED -> ProblemCode.OVERLOADED;
                    case UNAVAILABLE -> ProblemCode.UNAVAILABLE;
                };
        return Problem.of(code, refused.getMessage(), refused.details(), refused.findings());
    }

    private static Problem method(
            HttpRequestMethodNotSupportedException method, HttpServletRequest request) {
        Collection<String> supported =
                method.getSupportedMethods() == null
                        ? List.of()
                        : List.of(method.getSupportedMethods());
        return Problem.of(
                ProblemCode.METHOD_NOT_ALLOWED,
                "%s is not possible on %s; %s is."
                        .formatted(method.getMethod(), request.getRequestURI(), supported),
                Map.of("allowed", List.copyOf(supported)),
                List.of());
    }

    private static Problem mismatch(MethodArgumentTypeMismatchException mismatch) {
        for (Throwable cause = mismatch; cause != null; cause = cause.getCause()) {
            if (cause instanceof Refusal refusal) {
                return refusal.problem();
            }
        }
        return Problem.of(
                ProblemCode.PARAMETER_INVALID,
                "'%s' is no valid %s.".formatted(mismatch.getValue(), mismatch.getName()));
    }

    private static Problem unreadable() {
        return Problem.of(
                ProblemCode.REQUEST_INVALID,
                "The query cannot be read: expected are names and values in UTF-8, percent-encoded"
                        + " where need be, and no control characters.");
    }

    private static Problem nothing(HttpServletRequest request) {
        return Problem.of(
                ProblemCode.NOT_FOUND,
                "There is nothing at %s; /v3/api-docs lists what there is."
                        .formatted(request.getRequestURI()));
    }

    private static Problem unexpected(Throwable failure, HttpServletRequest request) {
        if (Thread.currentThread().isInterrupted()
                || failure instanceof InterruptedException
                || failure instanceof RejectedExecutionException
                || isCausedBy(failure, ClosedByInterruptException.class)) {
            return Problem.of(
                    ProblemCode.UNAVAILABLE,
                    "The server stops. Repeat the request, a start with the same Idempotency-Key.");
        }
        return switch (DatabaseFault.of(failure)) {
            case AWAY -> away();
            case OUTAGE -> {
                LOG.warn(
                        "{} {}: the database failed: {}",
                        request.getMethod(),
                        request.getRequestURI(),
                        failure.toString());
                yield away();
            }
            case UNSTORABLE ->
                    Problem.of(
                            ProblemCode.REQUEST_INVALID,
                            "A text of the request has the character U+0000, which cannot be"
                                    + " stored; leave it out.");
            case OTHER -> internal(failure, request);
        };
    }

    private static Problem away() {
        return Problem.of(
                ProblemCode.UNAVAILABLE,
                "The database does not answer now. Repeat the request, a start with the same"
                        + " Idempotency-Key.");
    }

    private static boolean isCausedBy(Throwable failure, Class<? extends Throwable> type) {
        for (Throwable at = failure; at != null; at = at.getCause()) {
            if (type.isInstance(at)) {
                return true;
            }
        }
        return false;
    }

    /** The reference leads from the answer to the log, which has the reason. */
    private static Problem internal(Throwable failure, HttpServletRequest request) {
        String reference = HexFormat.of().toHexDigits(ThreadLocalRandom.current().nextLong());
        LOG.error(
                "{} {} failed, reference {}",
                request.getMethod(),
                request.getRequestURI(),
                reference,
                failure);
        return Problem.of(
                ProblemCode.INTERNAL,
                "The request failed for a reason that is not its fault. The server's log tells"
                        + " more under the reference %s.".formatted(reference),
                Map.of("reference", reference),
                List.of());
    }

    private static List<String> texts(List<MediaType> types) {
        return types.stream().map(MediaType::toString).toList();
    }

    private static String list(List<MediaType> types) {
        return types.stream().map(MediaType::toString).collect(Collectors.joining(", "));
    }
}
