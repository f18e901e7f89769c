package dev.gantry.orchestrator.api;

import dev.gantry.orchestrator.problem.Problem;
import dev.gantry.orchestrator.problem.ProblemCode;
import dev.gantry.orchestrator.problem.Problems;
import io.swagger.v3.oas.annotations.Hidden;
import jakarta.servlet.RequestDispatcher;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.webmvc.error.ErrorController;
import org.springframework.stereotype.Controller;
import org.springframework.web.bind.annotation.RequestMapping;

/** Problems for what is refused before it reaches a controller, such as a malformed path. */
@Hidden
@Controller
final class EdgeErrors implements ErrorController {
    private final Problems problems;

    EdgeErrors(Problems problems) {
        this.problems = problems;
    }

    @RequestMapping("${spring.web.error.path:/error}")
    void answer(HttpServletRequest request, HttpServletResponse response) throws IOException {
        if (request.getAttribute(RequestDispatcher.ERROR_EXCEPTION) instanceof Throwable failure) {
            problems.write(response, Failures.of(failure, request));
            return;
        }
        int status =
                request.getAttribute(RequestDispatcher.ERROR_STATUS_CODE) instanceof Integer code
                        ? code
                        : 404;
        ProblemCode code = ProblemCode.ofStatus(status);
        problems.write(response, Problem.of(code, reason(code)));
    }

    /** What the container says of itself is for its developers. */
    static @Nullable String reason(ProblemCode code) {
        return switch (code) {
            case REQUEST_INVALID ->
                    "The request line, a header or the path has a form that is refused for safety.";
            case NOT_SUPPORTED ->
                    "The method or the Transfer-Encoding is none that this server speaks; bodies"
                            + " come as they are, at once or chunked.";
            default -> null;
        };
    }
}
