package dev.gantry.orchestrator.security;

import dev.gantry.orchestrator.database.DatabaseFault;
import dev.gantry.orchestrator.problem.Problem;
import dev.gantry.orchestrator.problem.ProblemCode;
import dev.gantry.orchestrator.problem.Problems;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.Optional;
import org.springframework.http.HttpHeaders;
import org.springframework.security.core.context.SecurityContext;
import org.springframework.security.core.context.SecurityContextHolder;
import org.springframework.web.filter.OncePerRequestFilter;

/**
 * Lets a request in on the key of its {@code Authorization: Bearer} header. A request without the
 * header passes as nobody, which is enough for the few open pages only.
 */
final class BearerKeyFilter extends OncePerRequestFilter {
    private static final String SCHEME = "Bearer ";
    private static final String UNCHECKED = BearerKeyFilter.class.getName() + ".unchecked";
    private final BearerKeys keys;
    private final Problems problems;

    BearerKeyFilter(BearerKeys keys, Problems problems) {
        this.keys = keys;
        this.problems = problems;
    }

    /** Whether there is a key, and the database that could tell whose it is does not answer. */
    static boolean isUnchecked(HttpServletRequest request) {
        return request.getAttribute(UNCHECKED) != null;
    }

    @Override
    protected void doFilterInternal(
            HttpServletRequest request, HttpServletResponse response, FilterChain chain)
            throws ServletException, IOException {
        // What a key opens is for its holder alone, and is of the type that it says.
        response.setHeader(HttpHeaders.CACHE_CONTROL, "no-store");
        response.setHeader("X-Content-Type-Options", "nosniff");
        String header = request.getHeader(HttpHeaders.AUTHORIZATION);
        if (header == null) {
            chain.doFilter(request, response);
            return;
        }
        Optional<Caller> caller;
        try {
            caller =
                    header.regionMatches(true, 0, SCHEME, 0, SCHEME.length())
                            ? keys.verify(header.substring(SCHEME.length()).strip())
                            : Optional.empty();
        } catch (RuntimeException e) {
            if (!DatabaseFault.of(e).isOutage()) {
                throw e;
            }
            // Open pages are shown, health among them; the entry point refuses the others.
            request.setAttribute(UNCHECKED, true);
            chain.doFilter(request, response);
            return;
        }
        if (caller.isEmpty()) {
            response.setHeader(
                    HttpHeaders.WWW_AUTHENTICATE,
                    "Bearer realm=\"gantry\", error=\"invalid_token\"");
            problems.write(
                    response,
                    Problem.of(
                            ProblemCode.KEY_INVALID,
                            "The Authorization header holds no valid key: expected 'Bearer <key>'"
                                    + " with a key that is neither revoked nor expired."));
            return;
        }
        SecurityContext context = SecurityContextHolder.createEmptyContext();
        context.setAuthentication(new CallerAuthentication(caller.get()));
        SecurityContextHolder.setContext(context);
        try {
            chain.doFilter(request, response);
        } finally {
            SecurityContextHolder.clearContext();
        }
    }
}
