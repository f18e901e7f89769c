package dev.gantry.orchestrator.api;

import dev.gantry.orchestrator.id.ExecutionId;
import dev.gantry.orchestrator.problem.Nearest;
import dev.gantry.orchestrator.problem.ProblemCode;
import dev.gantry.orchestrator.problem.Refusal;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.Arrays;
import java.util.List;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Reads query parameters, and says what was expected where that fails. */
final class Parameters {
    static final int DEFAULT_LIMIT = 50;
    static final int MOST = 200;

    private static final int LAST_YEAR = 9_999;
    private static final Pattern DEFINITION = Pattern.compile("[^/:]+/[^/:]+(:[^/:]+)?");

    private Parameters() {}

    static int limit(@Nullable String text) {
        return (int) number("limit", text, DEFAULT_LIMIT, 1, MOST);
    }

    static long number(String name, @Nullable String text, long otherwise, long least, long most) {
        if (text == null) {
            return otherwise;
        }
        try {
            long number = Long.parseLong(text);
            if (number >= least && number <= most) {
                return number;
            }
        } catch (NumberFormatException _) {
            // Refused below, like a number out of range.
        }
        throw invalid(name, text, "a whole number from %d to %d".formatted(least, most));
    }

    static @Nullable Instant instant(String name, @Nullable String text) {
        if (text == null) {
            return null;
        }
        try {
            OffsetDateTime time = OffsetDateTime.parse(text);
            if (time.getYear() >= 1 && time.getYear() <= LAST_YEAR) {
                return time.toInstant();
            }
        } catch (DateTimeException _) {
            // Refused below, like a year that no calendar of a database has.
        }
        throw invalid(name, text, "a time such as 2026-07-29T12:00:00Z");
    }

    static @Nullable ExecutionId execution(String name, @Nullable String text) {
        return text == null
                ? null
                : ExecutionId.find(text)
                        .orElseThrow(() -> invalid(name, text, "the id of an execution"));
    }

    static boolean flag(String name, @Nullable String text) {
        if (text == null || text.equals("false")) {
            return false;
        }
        if (text.isEmpty() || text.equals("true")) {
            return true;
        }
        throw invalid(name, text, "true or false");
    }

    /** One of an enum's constants by its label. */
    static <T> @Nullable T choice(
            String name, @Nullable String text, T[] all, Function<T, String> label) {
        return text == null
                ? null
                : choice(
                        ProblemCode.PARAMETER_INVALID,
                        "The parameter '%s'".formatted(name),
                        text,
                        all,
                        label);
    }

    /**
     * @param where what is wrong if the text is none of the labels
     */
    static <T> T choice(
            ProblemCode code, String where, String text, T[] all, Function<T, String> label) {
        for (T one : all) {
            if (label.apply(one).equals(text)) {
                return one;
            }
        }
        List<String> labels = Arrays.stream(all).map(label).toList();
        String hint = Nearest.hint(text, labels);
        throw new Refusal(
                code,
                "%s is '%s'; expected is one of %s%s"
                        .formatted(
                                where,
                                text,
                                String.join(", ", labels),
                                hint.isEmpty() ? "." : hint));
    }

    /** The page after a cursor, which the list that gave it can refuse. */
    static <T> T page(@Nullable String after, Supplier<T> list) {
        try {
            return list.get();
        } catch (IllegalArgumentException e) {
            if (after == null) {
                throw e;
            }
            throw new Refusal(
                    ProblemCode.CURSOR_INVALID,
                    "The parameter 'after' is '%s'; expected is the 'next' of the page before."
                            .formatted(after));
        }
    }

    /** {@code namespace/name} with or without {@code :version}. */
    static @Nullable String definition(@Nullable String text) {
        if (text != null && !DEFINITION.matcher(text).matches()) {
            throw invalid("definition", text, "namespace/name or namespace/name:version");
        }
        return text;
    }

    static Refusal invalid(String name, String text, String expected) {
        return new Refusal(
                ProblemCode.PARAMETER_INVALID,
                "The parameter '%s' is '%s'; expected is %s.".formatted(name, text, expected));
    }
}
