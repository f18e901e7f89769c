package dev.gantry.orchestrator.api;

import com.fasterxml.jackson.core.JsonLocation;
import com.fasterxml.jackson.core.JsonParseException;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import dev.gantry.orchestrator.problem.Nearest;
import dev.gantry.orchestrator.problem.ProblemCode;
import dev.gantry.orchestrator.problem.Refusal;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.springframework.http.converter.HttpMessageNotReadableException;
import tools.jackson.core.JacksonException;
import tools.jackson.core.TokenStreamLocation;
import tools.jackson.core.exc.StreamConstraintsException;
import tools.jackson.core.exc.StreamReadException;
import tools.jackson.databind.DatabindException;
import tools.jackson.databind.exc.MismatchedInputException;
import tools.jackson.databind.exc.UnrecognizedPropertyException;

/** Says what is wrong with a JSON body: what, where, what was expected. */
final class BodyFaults {
    private static final Pattern LIBRARY =
            Pattern.compile("\\b(com|org|java|tools|jakarta)\\.[a-z]|[a-z]Exception|Feature\\.");

    private static final String TRAILING = "Trailing token";

    private BodyFaults() {}

    static Refusal of(HttpMessageNotReadableException failure) {
        for (Throwable cause = failure.getCause(); cause != null; cause = cause.getCause()) {
            if (cause instanceof Refusal refusal) {
                return refusal;
            }
            if (cause instanceof JacksonException fault && !isEmpty(fault)) {
                return of(fault);
            }
        }
        return new Refusal(ProblemCode.BODY_INVALID, "The body is missing.");
    }

    private static boolean isEmpty(JacksonException fault) {
        return fault instanceof MismatchedInputException
                && fault.getOriginalMessage().startsWith("No content to map");
    }

    private static Refusal of(JacksonException fault) {
        String what =
                switch (fault) {
                    case UnrecognizedPropertyException unknown -> unknown(unknown);
                    case StreamConstraintsException limit -> message(limit);
                    case StreamReadException syntax -> "this is no valid JSON: " + message(syntax);
                    case MismatchedInputException mismatch -> mismatch(mismatch);
                    default -> message(fault);
                };
        String pointer = pointer(fault);
        String detail =
                "%s%s: %s%s"
                        .formatted(
                                pointer.isEmpty() ? "The body" : "The body at " + pointer,
                                position(fault.getLocation()),
                                what,
                                what.endsWith("?") || what.endsWith(".") ? "" : ".");
        return new Refusal(
                ProblemCode.BODY_INVALID,
                detail,
                pointer.isEmpty() ? List.of() : List.of(Map.of("pointer", pointer)));
    }

    /** The same for what is read without Spring, by Jackson 2. */
    static Refusal ofEvent(IOException failure) {
        if (!(failure instanceof JsonProcessingException fault)) {
            // A number that is beyond what can be worked with: in our words already.
            return new Refusal(
                    ProblemCode.BODY_INVALID,
                    "The body cannot be read: %s.".formatted(failure.getMessage()));
        }
        JsonLocation at = fault.getLocation();
        return new Refusal(
                ProblemCode.BODY_INVALID,
                "The body%s: %s."
                        .formatted(
                                at == null
                                        ? ""
                                        : " (line %d, column %d)"
                                                .formatted(at.getLineNr(), at.getColumnNr()),
                                fault instanceof JsonParseException
                                        ? "this is no valid JSON: "
                                                + plain(fault.getOriginalMessage())
                                        : plain(fault.getOriginalMessage())));
    }

    private static String unknown(UnrecognizedPropertyException fault) {
        List<String> known =
                fault.getKnownPropertyIds() == null
                        ? List.of()
                        : fault.getKnownPropertyIds().stream()
                                .map(Objects::toString)
                                .sorted()
                                .toList();
        String hint = Nearest.hint(fault.getPropertyName(), known);
        return "unknown property '%s'%s Known are: %s."
                .formatted(
                        fault.getPropertyName(),
                        hint.isEmpty() ? "." : hint,
                        String.join(", ", known));
    }

    private static String mismatch(MismatchedInputException fault) {
        Class<?> target = fault.getTargetType();
        boolean trailing = fault.getOriginalMessage().startsWith(TRAILING);
        if (trailing || target == null || target == JsonNode.class) {
            return message(fault);
        }
        if (target == String.class) {
            return "a string is expected";
        }
        if (target == Integer.class || target == int.class) {
            return "a whole number is expected";
        }
        return target.isRecord() ? "an object is expected" : message(fault);
    }

    private static String message(JacksonException fault) {
        return plain(fault.getOriginalMessage());
    }

    /** Without the names of classes, which say nothing to a client. */
    private static String plain(@Nullable String text) {
        if (text == null || text.startsWith("No content")) {
            return "this is no valid JSON: it ends too early";
        }
        if (text.startsWith(TRAILING)) {
            return "there is something after the end of the value";
        }
        int end = text.indexOf('\n');
        String plain =
                (end < 0 ? text : text.substring(0, end))
                        .replaceAll(", from `[^`]*`\\)", ")")
                        .replaceAll(" \\(?(from|of type|for type|value of type) `[^`]*`\\)?", "")
                        .replaceAll(
                                "`[a-z]+(\\.[A-Za-z_$0-9]+)+(<[^`]*>)?`",
                                "a value of the expected type");
        return LIBRARY.matcher(plain).find() ? "it cannot be read" : plain;
    }

    private static String position(@Nullable TokenStreamLocation at) {
        return at == null || at.getLineNr() < 1
                ? ""
                : " (line %d, column %d)".formatted(at.getLineNr(), at.getColumnNr());
    }

    private static String pointer(JacksonException fault) {
        if (!(fault instanceof DatabindException databind)) {
            return "";
        }
        StringBuilder pointer = new StringBuilder();
        for (JacksonException.Reference step : databind.getPath()) {
            String name = step.getPropertyName();
            pointer.append('/')
                    .append(
                            name == null
                                    ? Integer.toString(step.getIndex())
                                    : name.replace("~", "~0").replace("/", "~1"));
        }
        return pointer.toString();
    }
}
