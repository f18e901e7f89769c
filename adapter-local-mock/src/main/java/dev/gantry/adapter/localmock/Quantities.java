package dev.gantry.adapter.localmock;

import java.math.BigDecimal;
import java.time.Duration;
import java.time.format.DateTimeParseException;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Durations and sizes as people write them. */
final class Quantities {
    static final String DURATION = "a duration such as 20ms, 1.5s, 2m or PT1.5S";
    static final String SIZE = "a size such as 100, 64KiB or 10MiB";

    private static final Pattern NUMBER_AND_UNIT =
            Pattern.compile("(\\d{1,15}(?:\\.\\d{1,9})?)\\s*(\\p{Alpha}*)");
    private static final Map<String, Long> NANOS =
            Map.of(
                    "us", 1_000L,
                    "ms", 1_000_000L,
                    "s", 1_000_000_000L,
                    "m", 60_000_000_000L,
                    "h", 3_600_000_000_000L);
    private static final Map<String, Long> BYTES =
            Map.of(
                    "",
                    1L,
                    "B",
                    1L,
                    "KB",
                    1_000L,
                    "MB",
                    1_000_000L,
                    "GB",
                    1_000_000_000L,
                    "KiB",
                    1L << 10,
                    "MiB",
                    1L << 20,
                    "GiB",
                    1L << 30);

    private Quantities() {}

    /**
     * @throws IllegalArgumentException saying what is expected
     */
    static Duration duration(String text) {
        if (text.equals("0")) {
            return Duration.ZERO;
        }
        if (text.startsWith("P")) {
            try {
                return Duration.parse(text);
            } catch (DateTimeParseException e) {
                throw new IllegalArgumentException(wrong(text, DURATION), e);
            }
        }
        return Duration.ofNanos(scaled(text, NANOS, DURATION));
    }

    /**
     * @throws IllegalArgumentException saying what is expected
     */
    static long bytes(String text) {
        return scaled(text, BYTES, SIZE);
    }

    private static long scaled(String text, Map<String, Long> units, String expected) {
        Matcher matcher = NUMBER_AND_UNIT.matcher(text);
        Long unit = matcher.matches() ? units.get(matcher.group(2)) : null;
        if (unit == null) {
            throw new IllegalArgumentException(wrong(text, expected));
        }
        try {
            return new BigDecimal(matcher.group(1))
                    .multiply(BigDecimal.valueOf(unit))
                    .toBigInteger()
                    .longValueExact();
        } catch (ArithmeticException e) {
            throw new IllegalArgumentException(wrong(text, expected), e);
        }
    }

    private static String wrong(String text, String expected) {
        return "'%s' is not %s".formatted(text, expected);
    }
}
