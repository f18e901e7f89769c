package dev.gantry.orchestrator.api;

import dev.gantry.orchestrator.problem.Problem;
import dev.gantry.orchestrator.problem.ProblemCode;
import dev.gantry.orchestrator.problem.Problems;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.Collections;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpHeaders;
import org.springframework.http.InvalidMediaTypeException;
import org.springframework.http.MediaType;
import org.springframework.web.filter.OncePerRequestFilter;

/**
 * Refuses media types that nobody can read, wherever they are sent, so that no endpoint has to, and
 * none forgets.
 */
final class HeaderCheck extends OncePerRequestFilter {
    private static final String EVENTS = "/v1/events";
    private final Problems problems;

    HeaderCheck(Problems problems) {
        this.problems = problems;
    }

    @Override
    protected void doFilterInternal(
            HttpServletRequest request, HttpServletResponse response, FilterChain chain)
            throws ServletException, IOException {
        Optional<Problem> wrong = accept(request).or(() -> contentType(request));
        if (wrong.isPresent()) {
            problems.write(response, wrong.get());
        } else {
            chain.doFilter(request, response);
        }
    }

    private static Optional<Problem> accept(HttpServletRequest request) {
        for (String header : Collections.list(request.getHeaders(HttpHeaders.ACCEPT))) {
            try {
                if (MediaType.parseMediaTypes(header).stream().allMatch(HeaderCheck::isUtf8)) {
                    continue;
                }
            } catch (InvalidMediaTypeException e) {
                // Refused like one that cannot be satisfied.
            }
            return Optional.of(
                    Problem.of(
                            ProblemCode.NOT_ACCEPTABLE,
                            "The Accept header is '%s'; expected are media types such as"
                                            .formatted(header)
                                    + " application/json, with a q of 0 to 1, in UTF-8."));
        }
        return Optional.empty();
    }

    private static Optional<Problem> contentType(HttpServletRequest request) {
        String header = request.getContentType();
        if (header == null || !request.getMethod().equals("POST")) {
            return Optional.empty();
        }
        String wrong = wrong(header, request.getRequestURI());
        return wrong == null
                ? Optional.empty()
                : Optional.of(
                        Problem.of(
                                ProblemCode.MEDIA_TYPE_UNSUPPORTED,
                                "The Content-Type is '%s': %s.".formatted(header, wrong)));
    }

    private static @Nullable String wrong(String header, String path) {
        MediaType type;
        try {
            type = MediaType.parseMediaType(header);
        } catch (InvalidMediaTypeException e) {
            return "expected is one media type such as application/json";
        }
        if (type.isWildcardType() || type.isWildcardSubtype()) {
            return "it names no type";
        }
        if (type.isCompatibleWith(MediaType.APPLICATION_FORM_URLENCODED)) {
            // The container would take such a body apart before anybody could read it.
            return "forms are not taken";
        }
        return isUtf8(type) || path.startsWith(EVENTS) ? null : "texts are in UTF-8";
    }

    private static boolean isUtf8(MediaType type) {
        Charset charset = type.getCharset();
        return charset == null || charset.equals(StandardCharsets.UTF_8);
    }
}
