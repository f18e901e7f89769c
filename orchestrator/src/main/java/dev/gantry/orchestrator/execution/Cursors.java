package dev.gantry.orchestrator.execution;

import dev.gantry.orchestrator.engine.ExecutionIndex;
import dev.gantry.orchestrator.id.ExecutionId;
import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.Base64;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Where a page ended, as an opaque text. */
final class Cursors {
    private static final Instant LATEST = Instant.parse("9999-12-31T23:59:59Z");

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
                            instant(parts.get(0)), ExecutionId.parse(parts.get(1)));
                });
    }

    static ExecutionId execution(String cursor) {
        return reading(cursor, () -> ExecutionId.parse(parts(cursor, 1).getFirst()));
    }

    static long number(String cursor) {
        return reading(
                cursor,
                () -> {
                    long number = Long.parseLong(parts(cursor, 1).getFirst());
                    if (number < 1) {
                        throw new IllegalArgumentException("not a cursor");
                    }
                    return number;
                });
    }

    static ExecutionIndex.UndecidedPosition undecided(String cursor) {
        return reading(
                cursor,
                () -> {
                    List<String> parts = parts(cursor, 3);
                    return new ExecutionIndex.UndecidedPosition(
                            instant(parts.get(0)),
                            ExecutionId.parse(parts.get(1)),
                            Integer.parseInt(parts.get(2)));
                });
    }

    /** An entry, how many of its events were shown, and how many events came before. */
    record Place(int entry, int shown, long sequence) {
        static final Place START = new Place(1, 0, 0);

        Place {
            if (entry < 1 || shown < 0 || sequence < 0) {
                throw new IllegalArgumentException("not a cursor");
            }
        }

        String cursor() {
            return Cursors.of(entry, shown, sequence);
        }
    }

    static Place place(@Nullable String cursor) {
        return cursor == null
                ? Place.START
                : reading(
                        cursor,
                        () -> {
                            List<String> parts = parts(cursor, 3);
                            return new Place(
                                    Integer.parseInt(parts.get(0)),
                                    Integer.parseInt(parts.get(1)),
                                    Long.parseLong(parts.get(2)));
                        });
    }

    /** Within what a database can compare with. */
    private static Instant instant(String text) {
        Instant at = Instant.parse(text);
        if (at.isBefore(Instant.EPOCH) || at.isAfter(LATEST)) {
            throw new IllegalArgumentException("not a cursor");
        }
        return at;
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
