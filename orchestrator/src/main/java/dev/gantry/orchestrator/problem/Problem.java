package dev.gantry.orchestrator.problem;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * An error answer as RFC 9457 describes it.
 *
 * @param type a URN made of the code
 * @param title of the code, the same for every occurrence
 * @param status HTTP status
 * @param code stable; programs decide by it, never by the text
 * @param detail for people: what is wrong, where, what was expected, how to mend it
 * @param details what the detail speaks of, for programs, such as a limit or a status
 * @param errors the single findings, where there can be several
 */
@JsonInclude(JsonInclude.Include.NON_EMPTY)
public record Problem(
        String type,
        String title,
        int status,
        String code,
        String detail,
        Map<String, ? extends Object> details,
        List<? extends Object> errors) {
    public static final String MEDIA_TYPE = "application/problem+json";

    public Problem {
        details = Map.copyOf(details);
        errors = List.copyOf(errors);
    }

    public static Problem of(ProblemCode code, @Nullable String detail) {
        return of(code, detail, Map.of(), List.of());
    }

    public static Problem of(
            ProblemCode code, @Nullable String detail, Map<String, ?> details, List<?> errors) {
        return new Problem(
                "urn:gantry:problem:" + code.name(),
                code.title(),
                code.status(),
                code.name(),
                detail == null ? code.title() : detail,
                details,
                errors);
    }
}
