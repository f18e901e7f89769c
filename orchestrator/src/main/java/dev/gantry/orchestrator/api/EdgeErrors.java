package dev.gantry.orchestrator.api;

import dev.gantry.orchestrator.problem.Problem;
import dev.gantry.orchestrator.problem.ProblemCode;
import dev.gantry.orchestrator.problem.Problems;
import io.swagger.v3.oas.annotations.Hidden;
import jakarta.servlet.RequestDispatcher;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
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
        int status =
                request.getAttribute(RequestDispatcher.ERROR_STATUS_CODE) instanceof Integer code
                        ? code
                        : 404;
        ProblemCode code =
                switch (status) {
                    case 404 -> ProblemCode.NOT_FOUND;
                    case 405 -> ProblemCode.METHOD_NOT_ALLOWED;
                    case 406 -> ProblemCode.NOT_ACCEPTABLE;
                    case 413 -> ProblemCode.BODY_TOO_LARGE;
                    case 415 -> ProblemCode.MEDIA_TYPE_UNSUPPORTED;
                    case 503 -> ProblemCode.UNAVAILABLE;
                    default ->
                            status >= 400 && status < 500
                                    ? ProblemCode.REQUEST_INVALID
                                    : ProblemCode.INTERNAL;
                };
        problems.write(
                response,
                Problem.of(
                        code,
                        code == ProblemCode.REQUEST_INVALID
                                ? "The request line, a header or the path has a form that is refused"
                                        + " for safety."
                                : null));
    }
}
