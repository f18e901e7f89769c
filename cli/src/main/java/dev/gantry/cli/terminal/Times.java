package dev.gantry.cli.terminal;

import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Times and durations as people read them. */
public final class Times {
    private static final DateTimeFormatter LOCAL =
            DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm:ss", Locale.ROOT);

    private Times() {}

    /** Null if it is no time. */
    public static @Nullable Instant parse(String text) {
        try {
            return text.isEmpty() ? null : Instant.parse(text);
        } catch (DateTimeException _) {
            return null;
        }
    }

    /** In the zone of this machine. */
    public static String local(String text) {
        Instant at = parse(text);
        return at == null ? text : LOCAL.format(at.atZone(ZoneId.systemDefault()));
    }

    /** {@code 0.42 s}, {@code 12.3 s}, {@code 4 min 10 s}, {@code 3 h 20 min}, {@code 5 d 2 h}. */
    public static String duration(Duration duration) {
        Duration positive = duration.isNegative() ? Duration.ZERO : duration;
        long millis = positive.toMillis();
        if (millis < 9_995) {
            return String.format(Locale.ROOT, "%.2f s", millis / 1000.0);
        }
        if (millis < 59_950) {
            return String.format(Locale.ROOT, "%.1f s", millis / 1000.0);
        }
        long seconds = Math.round(millis / 1000.0);
        if (seconds < 3600) {
            return two(seconds / 60, "min", seconds % 60, "s");
        }
        if (seconds < 86_400) {
            return two(seconds / 3600, "h", seconds % 3600 / 60, "min");
        }
        return two(seconds / 86_400, "d", seconds % 86_400 / 3600, "h");
    }

    private static String two(long many, String unit, long few, String lesser) {
        return few == 0 ? many + " " + unit : many + " " + unit + " " + few + " " + lesser;
    }

    /** From the one to the other; nothing if one of them is no time. */
    public static String between(String from, String to) {
        Instant begin = parse(from);
        Instant end = parse(to);
        return begin == null || end == null ? "" : duration(Duration.between(begin, end));
    }
}
