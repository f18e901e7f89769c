package dev.gantry.orchestrator.api;

import dev.gantry.orchestrator.problem.Nearest;
import dev.gantry.orchestrator.problem.ProblemCode;
import dev.gantry.orchestrator.problem.Refusal;
import jakarta.servlet.DispatcherType;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.lang.reflect.Method;
import java.util.Arrays;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.springframework.util.ConcurrentReferenceHashMap;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.method.HandlerMethod;
import org.springframework.web.servlet.HandlerInterceptor;

/**
 * Refuses query parameters that an endpoint does not know: a misspelt filter that is ignored would
 * show everything.
 */
final class KnownParameters implements HandlerInterceptor {
    private static final String OURS = "dev.gantry.";
    private final Map<Method, Set<String>> known = new ConcurrentReferenceHashMap<>();

    @Override
    public boolean preHandle(
            HttpServletRequest request, HttpServletResponse response, Object handler) {
        if (request.getQueryString() == null
                // What the container dispatches itself still has the query of the request.
                || request.getDispatcherType() == DispatcherType.ERROR
                || !(handler instanceof HandlerMethod endpoint)
                || !endpoint.getBeanType().getName().startsWith(OURS)) {
            return true;
        }
        Set<String> names =
                known.computeIfAbsent(endpoint.getMethod(), KnownParameters::parameters);
        for (Map.Entry<String, String[]> given : request.getParameterMap().entrySet()) {
            check(given.getKey(), given.getValue(), names);
        }
        return true;
    }

    private static void check(String name, String[] values, Set<String> known) {
        if (!known.contains(name)) {
            throw new Refusal(
                    ProblemCode.PARAMETER_UNKNOWN,
                    "There is no query parameter '%s' here%s Known are: %s."
                            .formatted(
                                    name,
                                    sentence(Nearest.hint(name, known)),
                                    known.isEmpty() ? "none" : String.join(", ", known)));
        }
        if (values.length > 1) {
            throw new Refusal(
                    ProblemCode.PARAMETER_INVALID,
                    "The query parameter '%s' is given %d times; give it once."
                            .formatted(name, values.length));
        }
        if (values[0].indexOf('\0') >= 0) {
            throw new Refusal(
                    ProblemCode.PARAMETER_INVALID,
                    "The query parameter '%s' has the character U+0000, which nothing here has."
                            .formatted(name));
        }
    }

    private static String sentence(String hint) {
        return hint.isEmpty() ? "." : hint;
    }

    private static Set<String> parameters(Method method) {
        return Arrays.stream(method.getParameters())
                .filter(parameter -> parameter.isAnnotationPresent(RequestParam.class))
                .map(parameter -> parameter.getAnnotation(RequestParam.class).value())
                .collect(Collectors.toCollection(TreeSet::new));
    }
}
