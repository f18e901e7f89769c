package dev.gantry.orchestrator.api;

import dev.gantry.orchestrator.problem.Problem;
import dev.gantry.orchestrator.problem.Problems;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.web.ErrorResponse;
import org.springframework.web.bind.annotation.ExceptionHandler;
import org.springframework.web.bind.annotation.RestControllerAdvice;

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
        Problem problem = Failures.of(failure, request);
        response.resetBuffer();
        headers(failure, response);
        problems.write(response, problem);
    }

    private static void headers(Throwable failure, HttpServletResponse response) {
        if (failure instanceof ErrorResponse known) {
            // Allow and Accept say what would work.
            known.getHeaders()
                    .forEach((name, values) -> values.forEach(v -> response.addHeader(name, v)));
        }
    }
}
