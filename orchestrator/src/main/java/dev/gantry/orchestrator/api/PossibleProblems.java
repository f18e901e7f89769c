package dev.gantry.orchestrator.api;

import static dev.gantry.orchestrator.problem.ProblemCode.BODY_INVALID;
import static dev.gantry.orchestrator.problem.ProblemCode.BODY_TOO_LARGE;
import static dev.gantry.orchestrator.problem.ProblemCode.CURSOR_INVALID;
import static dev.gantry.orchestrator.problem.ProblemCode.EXECUTION_NOT_FOUND;
import static dev.gantry.orchestrator.problem.ProblemCode.INTERNAL;
import static dev.gantry.orchestrator.problem.ProblemCode.KEY_INVALID;
import static dev.gantry.orchestrator.problem.ProblemCode.KEY_MISSING;
import static dev.gantry.orchestrator.problem.ProblemCode.MEDIA_TYPE_UNSUPPORTED;
import static dev.gantry.orchestrator.problem.ProblemCode.NOT_ACCEPTABLE;
import static dev.gantry.orchestrator.problem.ProblemCode.NOT_SUPPORTED;
import static dev.gantry.orchestrator.problem.ProblemCode.PARAMETER_INVALID;
import static dev.gantry.orchestrator.problem.ProblemCode.PARAMETER_UNKNOWN;
import static dev.gantry.orchestrator.problem.ProblemCode.PERMISSION_MISSING;
import static dev.gantry.orchestrator.problem.ProblemCode.REQUEST_INVALID;
import static dev.gantry.orchestrator.problem.ProblemCode.REQUEST_TIMEOUT;
import static dev.gantry.orchestrator.problem.ProblemCode.UNAVAILABLE;

import dev.gantry.orchestrator.id.ExecutionId;
import dev.gantry.orchestrator.problem.ProblemCode;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import org.springframework.core.MethodParameter;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.method.HandlerMethod;

/** What an endpoint can refuse: by its form, and what it says of itself. */
final class PossibleProblems {
    private static final List<ProblemCode> ALWAYS =
            List.of(
                    REQUEST_INVALID,
                    PARAMETER_UNKNOWN,
                    KEY_MISSING,
                    KEY_INVALID,
                    PERMISSION_MISSING,
                    NOT_ACCEPTABLE,
                    INTERNAL,
                    NOT_SUPPORTED,
                    UNAVAILABLE);

    private PossibleProblems() {}

    static Set<ProblemCode> of(HandlerMethod endpoint) {
        Set<ProblemCode> codes = EnumSet.copyOf(ALWAYS);
        for (MethodParameter parameter : endpoint.getMethodParameters()) {
            if (parameter.getParameterType() == ExecutionId.class) {
                codes.add(EXECUTION_NOT_FOUND);
            }
            RequestParam query = parameter.getParameterAnnotation(RequestParam.class);
            if (query != null) {
                codes.add(PARAMETER_INVALID);
                if (query.value().equals("after")) {
                    codes.add(CURSOR_INVALID);
                }
            }
            if (parameter.hasParameterAnnotation(RequestBody.class)) {
                codes.addAll(List.of(BODY_INVALID, REQUEST_TIMEOUT));
            }
        }
        if (endpoint.hasMethodAnnotation(PostMapping.class)) {
            codes.addAll(List.of(BODY_TOO_LARGE, MEDIA_TYPE_UNSUPPORTED));
        }
        Refuses own = endpoint.getMethodAnnotation(Refuses.class);
        if (own != null) {
            codes.addAll(Arrays.asList(own.value()));
        }
        return codes;
    }
}
