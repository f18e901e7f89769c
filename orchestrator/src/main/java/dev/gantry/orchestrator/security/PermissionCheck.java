package dev.gantry.orchestrator.security;

import dev.gantry.orchestrator.problem.ProblemCode;
import dev.gantry.orchestrator.problem.Refusal;
import jakarta.servlet.DispatcherType;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.lang.reflect.Method;
import java.util.List;
import java.util.Map;
import org.springframework.core.annotation.AnnotatedElementUtils;
import org.springframework.security.core.Authentication;
import org.springframework.security.core.context.SecurityContextHolder;
import org.springframework.util.ConcurrentReferenceHashMap;
import org.springframework.web.method.HandlerMethod;
import org.springframework.web.servlet.HandlerInterceptor;

/** Checks {@link Requires} before an endpoint of ours is called. */
final class PermissionCheck implements HandlerInterceptor {
    private static final String OURS = "dev.gantry.";
    private final Map<Method, List<Permission>> required = new ConcurrentReferenceHashMap<>();

    @Override
    public boolean preHandle(
            HttpServletRequest request, HttpServletResponse response, Object handler) {
        if (request.getDispatcherType() == DispatcherType.ERROR
                || !(handler instanceof HandlerMethod endpoint)
                || !endpoint.getBeanType().getName().startsWith(OURS)) {
            // An error is shown to everybody. Pages of libraries are open or closed by path, see
            // SecurityConfig.
            return true;
        }
        List<Permission> needed =
                required.computeIfAbsent(endpoint.getMethod(), PermissionCheck::required);
        if (needed.isEmpty()) {
            throw new Refusal(ProblemCode.PERMISSION_MISSING, "This endpoint is open to nobody.");
        }
        Caller caller = caller();
        if (needed.stream().noneMatch(caller::may)) {
            List<String> had =
                    caller.permissions().stream().map(Permission::label).sorted().toList();
            List<String> asked = needed.stream().map(Permission::label).toList();
            throw new Refusal(
                    ProblemCode.PERMISSION_MISSING,
                    "%s may not do this: the permission '%s' is needed, the key has %s."
                            .formatted(caller.initiator(), String.join("' or '", asked), had),
                    Map.of("needed", asked, "had", had));
        }
        return true;
    }

    private static List<Permission> required(Method method) {
        Requires requires = AnnotatedElementUtils.findMergedAnnotation(method, Requires.class);
        return requires == null ? List.of() : List.of(requires.value());
    }

    static Caller caller() {
        Authentication authentication = SecurityContextHolder.getContext().getAuthentication();
        if (authentication instanceof CallerAuthentication known) {
            return known.caller();
        }
        throw new Refusal(ProblemCode.KEY_MISSING, "This endpoint needs a key.");
    }
}
