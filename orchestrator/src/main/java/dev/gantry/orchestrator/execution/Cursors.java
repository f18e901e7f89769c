package dev.gantry.orchestrator.execution;

import dev.gantry.orchestrator.engine.ExecutionIndex;
import dev.gantry.orchestrator.id.ExecutionId;
import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.Base64;
import java.util.List;

/** Where a page ended, as an opaque text. */
final class Cursors {
    private Cursors() {}

    static String of(Object... parts) {
        StringBuilder text = new StringBuilder();
        for (Object part : parts) {
            text.append(text.isEmpty() ? "" : "|").append(part);
        }
        return Base64.getUrlEncoder()
                .withoutPadding()
                .encodeToString(text.toString().getBytes(StandardCharsets.UTF_8));
    }

    private static List<String> parts(String cursor, int expected) {
        String text = new String(Base64.getUrlDecoder().decode(cursor), StandardCharsets.UTF_8);
        List<String> parts = List.of(text.split("\\|", -1));
        if (parts.size() != expected) {
            throw new IllegalArgumentException("not a cursor");
        }
        return parts;
    }

    static ExecutionIndex.Position position(String cursor) {
        return reading(
                cursor,
                () -> {
                    List<String> parts = parts(cursor, 2);
                    return new ExecutionIndex.Position(
                            Instant.parse(parts.get(0)), ExecutionId.parse(parts.get(1)));
                });
    }

    static ExecutionIndex.UndecidedPosition undecided(String cursor) {
        return reading(
                cursor,
                () -> {
                    List<String> parts = parts(cursor, 3);
                    return new ExecutionIndex.UndecidedPosition(
                            Instant.parse(parts.get(0)),
                            ExecutionId.parse(parts.get(1)),
                            Integer.parseInt(parts.get(2)));
                });
    }

    /** Entry number and how many events came before it. */
    static long[] history(String cursor) {
        return reading(
                cursor,
                () -> {
                    List<String> parts = parts(cursor, 2);
                    return new long[] {Long.parseLong(parts.get(0)), Long.parseLong(parts.get(1))};
                });
    }

    private static <T> T reading(String cursor, java.util.function.Supplier<T> read) {
        try {
            return read.get();
        } catch (IllegalArgumentException | DateTimeException e) {
            throw new IllegalArgumentException(
                    "cursor '%s' is not one that this list gave; leave 'after' out to begin anew"
                            .formatted(cursor),
                    e);
        }
    }
}
