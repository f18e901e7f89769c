package dev.gantry.orchestrator.definition.expression;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.TextNode;
import java.text.ParsePosition;
import java.time.DateTimeException;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeFormatterBuilder;
import java.time.temporal.ChronoField;
import java.time.temporal.TemporalAccessor;
import java.util.Locale;
import java.util.Map;

/**
 * jq's dates in UTC: seconds, and "broken down time", whose months and days of the year are from 0.
 */
final class Dates {
    private static final int MAX_FORMAT = 1_000;
    private static final double LAST_SECOND = 253_402_300_800.0;

    /** What C's format letters are in Java; texts of several letters are formats of ours. */
    private static final Map<Character, String> LETTERS =
            Map.ofEntries(
                    Map.entry('Y', "uuuu"),
                    Map.entry('y', "uu"),
                    Map.entry('m', "MM"),
                    Map.entry('d', "dd"),
                    Map.entry('e', "ppd"),
                    Map.entry('H', "HH"),
                    Map.entry('k', "ppH"),
                    Map.entry('I', "hh"),
                    Map.entry('l', "pph"),
                    Map.entry('M', "mm"),
                    Map.entry('S', "ss"),
                    Map.entry('p', "a"),
                    Map.entry('A', "EEEE"),
                    Map.entry('a', "EEE"),
                    Map.entry('B', "MMMM"),
                    Map.entry('b', "MMM"),
                    Map.entry('h', "MMM"),
                    Map.entry('j', "DDD"),
                    Map.entry('F', "uuuu-MM-dd"),
                    Map.entry('T', "HH:mm:ss"),
                    Map.entry('R', "HH:mm"),
                    Map.entry('D', "MM/dd/uu"),
                    Map.entry('c', "EEE MMM ppd HH:mm:ss uuuu"),
                    Map.entry('z', "xx"),
                    Map.entry('G', "YYYY"),
                    Map.entry('V', "ww"));

    private Dates() {}

    /** By {@code name/arity}. */
    static Map<String, Native> functions() {
        return Map.of(
                "gmtime/0", (in, given) -> brokenDown(time(in)),
                "mktime/0", (in, given) -> Numbers.of(seconds(parts(in))),
                "strftime/1", (in, given) -> format(in, text(given[0])),
                "strptime/1", (in, given) -> parse(text(in), text(given[0])));
    }

    private static String text(JsonNode value) {
        if (!value.isTextual()) {
            throw new JqError("%s is given where a text is expected".formatted(Shown.of(value)));
        }
        return value.textValue();
    }

    private static LocalDateTime time(JsonNode seconds) {
        double value = Numbers.real(seconds);
        if (!(Math.abs(value) < LAST_SECOND)) {
            throw new JqError(
                    "%s is no date between the years -9999 and 9999".formatted(Shown.of(seconds)));
        }
        long whole = (long) Math.floor(value);
        return LocalDateTime.ofEpochSecond(
                whole, (int) ((value - whole) * 1_000_000_000), ZoneOffset.UTC);
    }

    private static double seconds(LocalDateTime time) {
        return time.toEpochSecond(ZoneOffset.UTC);
    }

    private static ArrayNode brokenDown(LocalDateTime time) {
        ArrayNode parts = JsonNodeFactory.instance.arrayNode();
        parts.add(time.getYear()).add(time.getMonthValue() - 1).add(time.getDayOfMonth());
        parts.add(time.getHour()).add(time.getMinute());
        parts.add(Numbers.of(time.getSecond() + time.getNano() / 1_000_000_000.0));
        return parts.add(time.getDayOfWeek().getValue() % 7).add(time.getDayOfYear() - 1);
    }

    private static LocalDateTime parts(JsonNode in) {
        if (!in.isArray() || in.size() < 6) {
            throw new JqError(
                    "%s is no broken down time, which is a list of year, month from 0, day, hour, minute and second"
                            .formatted(Shown.of(in)));
        }
        int[] part = new int[6];
        for (int i = 0; i < part.length; i++) {
            part[i] = (int) Math.floor(Numbers.real(in.get(i)));
        }
        try {
            return LocalDateTime.of(part[0], 1, 1, 0, 0)
                    .plusMonths(part[1])
                    .plusDays(part[2] - 1L)
                    .plusHours(part[3])
                    .plusMinutes(part[4])
                    .plusSeconds(part[5]);
        } catch (DateTimeException e) {
            throw new JqError("%s is no date".formatted(Shown.of(in)));
        }
    }

    private static JsonNode format(JsonNode in, String format) {
        LocalDateTime time = in.isNumber() ? time(in) : parts(in);
        return TextNode.valueOf(formatter(format, true).format(time.atOffset(ZoneOffset.UTC)));
    }

    private static JsonNode parse(String text, String format) {
        ParsePosition position = new ParsePosition(0);
        TemporalAccessor read = formatter(format, false).parseUnresolved(text, position);
        if (read == null || position.getErrorIndex() >= 0 || position.getIndex() < text.length()) {
            throw new JqError(
                    "the date \"%s\" does not match the format \"%s\"".formatted(text, format));
        }
        try {
            int year = field(read, ChronoField.YEAR, 1970);
            LocalDateTime time =
                    read.isSupported(ChronoField.DAY_OF_YEAR)
                            ? LocalDateTime.of(year, 1, 1, 0, 0)
                                    .withDayOfYear(field(read, ChronoField.DAY_OF_YEAR, 1))
                            : LocalDateTime.of(
                                    year,
                                    field(read, ChronoField.MONTH_OF_YEAR, 1),
                                    field(read, ChronoField.DAY_OF_MONTH, 1),
                                    0,
                                    0);
            return brokenDown(
                    time.plusHours(hour(read))
                            .plusMinutes(field(read, ChronoField.MINUTE_OF_HOUR, 0))
                            .plusSeconds(field(read, ChronoField.SECOND_OF_MINUTE, 0)));
        } catch (DateTimeException e) {
            throw new JqError("the date \"%s\" does not exist".formatted(text));
        }
    }

    private static int hour(TemporalAccessor read) {
        if (!read.isSupported(ChronoField.CLOCK_HOUR_OF_AMPM)) {
            return field(read, ChronoField.HOUR_OF_DAY, 0);
        }
        return field(read, ChronoField.CLOCK_HOUR_OF_AMPM, 12) % 12
                + 12 * field(read, ChronoField.AMPM_OF_DAY, 0);
    }

    private static int field(TemporalAccessor read, ChronoField field, int otherwise) {
        return read.isSupported(field) ? Math.toIntExact(read.getLong(field)) : otherwise;
    }

    private static DateTimeFormatter formatter(String format, boolean writes) {
        if (format.length() > MAX_FORMAT) {
            throw new JqError("a date format has at most %d characters".formatted(MAX_FORMAT));
        }
        Budget.current().spend(format.length());
        DateTimeFormatterBuilder builder = new DateTimeFormatterBuilder().parseCaseInsensitive();
        boolean letter = false;
        for (int i = 0; i < format.length(); i++) {
            char c = format.charAt(i);
            if (letter) {
                conversion(builder, c, writes);
                letter = false;
            } else if (c == '%') {
                letter = true;
            } else {
                builder.appendLiteral(c);
            }
        }
        if (letter) {
            throw new JqError("the date format ends with a single '%'");
        }
        return builder.toFormatter(Locale.ENGLISH);
    }

    private static void conversion(DateTimeFormatterBuilder builder, char letter, boolean writes) {
        switch (letter) {
            case '%' -> builder.appendLiteral('%');
            case 'n' -> builder.appendLiteral('\n');
            case 't' -> builder.appendLiteral('\t');
            case 'u' -> builder.appendValue(ChronoField.DAY_OF_WEEK, 1);
            case 's' -> builder.appendValue(ChronoField.INSTANT_SECONDS);
            case 'Z' -> {
                if (writes) {
                    builder.appendLiteral("UTC");
                } else {
                    builder.appendZoneOrOffsetId();
                }
            }
            default -> {
                String pattern = LETTERS.get(letter);
                if (pattern == null) {
                    throw new JqError(
                            "'%%%s' is no date format that is known here".formatted(letter));
                }
                builder.appendPattern(pattern);
            }
        }
    }
}
