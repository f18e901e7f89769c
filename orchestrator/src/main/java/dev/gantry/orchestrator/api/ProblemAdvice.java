package dev.gantry.orchestrator.api;

import dev.gantry.orchestrator.execution.Executions.Refused;
import dev.gantry.orchestrator.problem.Problem;
import dev.gantry.orchestrator.problem.ProblemCode;
import dev.gantry.orchestrator.problem.Problems;
import dev.gantry.orchestrator.problem.Refusal;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ThreadLocalRandom;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.http.HttpHeaders;
import org.springframework.http.MediaType;
import org.springframework.http.converter.HttpMessageNotReadableException;
import org.springframework.web.ErrorResponse;
import org.springframework.web.HttpMediaTypeNotAcceptableException;
import org.springframework.web.HttpMediaTypeNotSupportedException;
import org.springframework.web.HttpRequestMethodNotSupportedException;
import org.springframework.web.bind.MissingServletRequestParameterException;
import org.springframework.web.bind.annotation.ExceptionHandler;
import org.springframework.web.bind.annotation.RestControllerAdvice;
import org.springframework.web.method.annotation.MethodArgumentTypeMismatchException;
import org.springframework.web.servlet.NoHandlerFoundException;
import org.springframework.web.servlet.resource.NoResourceFoundException;

/** Turns whatever goes wrong in a request into a problem; nothing of our inside gets out. */
@RestControllerAdvice
final class ProblemAdvice {
    private static final Logger LOG = LoggerFactory.getLogger(ProblemAdvice.class);
    private final Problems problems;

    ProblemAdvice(Problems problems) {
        this.problems = problems;
    }

    @ExceptionHandler
    void answer(Exception failure, HttpServletRequest request, HttpServletResponse response)
            throws IOException {
        if (response.isCommitted()) {
            // A stream that its client left, most often; the answer is on its way and can't change.
            LOG.debug("{} {} ended early", request.getMethod(), request.getRequestURI(), failure);
            return;
        }
        Problem problem = problem(failure, request);
        response.resetBuffer();
        headers(failure, problem, response);
        problems.write(response, problem);
    }

    private static Problem problem(Throwable failure, HttpServletRequest request) {
        return switch (failure) {
            case Refusal refusal -> refusal.problem();
            case Refused refused -> of(refused);
            case CompletionException wrapper when wrapper.getCause() != null ->
                    problem(wrapper.getCause(), request);
            case ExecutionException wrapper when wrapper.getCause() != null ->
                    problem(wrapper.getCause(), request);
            case HttpMessageNotReadableException unreadable -> BodyFaults.of(unreadable).problem();
            case MethodArgumentTypeMismatchException mismatch -> mismatch(mismatch);
            case NoHandlerFoundException _ -> nothing(request);
            case NoResourceFoundException _ -> nothing(request);
            case HttpRequestMethodNotSupportedException method ->
                    Problem.of(
                            ProblemCode.METHOD_NOT_ALLOWED,
                            "%s is not possible on %s; %s is."
                                    .formatted(
                                            method.getMethod(),
                                            request.getRequestURI(),
                                            method.getSupportedHttpMethods()));
            case HttpMediaTypeNotSupportedException type ->
                    Problem.of(
                            ProblemCode.MEDIA_TYPE_UNSUPPORTED,
                            "The body is of type %s; expected is %s."
                                    .formatted(
                                            type.getContentType() == null
                                                    ? "no stated type"
                                                    : type.getContentType(),
                                            list(type.getSupportedMediaTypes())));
            case HttpMediaTypeNotAcceptableException type ->
                    Problem.of(
                            ProblemCode.NOT_ACCEPTABLE,
                            "The Accept header excludes every form of the answer: %s."
                                    .formatted(list(type.getSupportedMediaTypes())));
            case MissingServletRequestParameterException missing ->
                    Problem.of(
                            ProblemCode.PARAMETER_INVALID,
                            "The query parameter '%s' is missing."
                                    .formatted(missing.getParameterName()));
            case ErrorResponse other when other.getStatusCode().is4xxClientError() ->
                    Problem.of(ProblemCode.REQUEST_INVALID, other.getBody().getDetail());
            default -> internal(failure, request);
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
        return Problem.of(code, refused.getMessage());
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

    private static Problem nothing(HttpServletRequest request) {
        return Problem.of(
                ProblemCode.NOT_FOUND,
                "There is nothing at %s; /v3/api-docs lists what there is."
                        .formatted(request.getRequestURI()));
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
                        + " more under the reference %s.".formatted(reference));
    }

    private static void headers(Throwable failure, Problem problem, HttpServletResponse response) {
        if (failure instanceof ErrorResponse known) {
            // Allow and Accept say what would work.
            known.getHeaders()
                    .forEach((name, values) -> values.forEach(v -> response.addHeader(name, v)));
        }
        if (problem.status() == ProblemCode.OVERLOADED.status()
                || problem.status() == ProblemCode.TOO_MANY_STREAMS.status()) {
            response.setHeader(HttpHeaders.RETRY_AFTER, "1");
        }
    }

    private static String list(List<MediaType> types) {
        return types.stream().map(MediaType::toString).collect(Collectors.joining(", "));
    }
}
