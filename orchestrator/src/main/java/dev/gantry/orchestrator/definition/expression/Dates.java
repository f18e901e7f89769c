package dev.gantry.orchestrator.definition.expression;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.TextNode;
import java.time.DateTimeException;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.util.Map;

/**
 * jq's dates in UTC: seconds, and "broken down time", whose months and days of the year are from 0.
 */
final class Dates {
    private static final double LAST_SECOND = 253_402_300_800.0;

    private Dates() {}

    /** By {@code name/arity}. */
    static Map<String, Native> functions() {
        return Map.of(
                "gmtime/0", (in, given) -> brokenDown(time(in), fraction(in)),
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
        return LocalDateTime.ofEpochSecond((long) Math.floor(value), 0, ZoneOffset.UTC);
    }

    private static double seconds(LocalDateTime time) {
        return time.toEpochSecond(ZoneOffset.UTC);
    }

    private static double fraction(JsonNode seconds) {
        return seconds.doubleValue() - Math.floor(seconds.doubleValue());
    }

    private static ArrayNode brokenDown(LocalDateTime time, double fraction) {
        ArrayNode parts = JsonNodeFactory.instance.arrayNode();
        parts.add(time.getYear()).add(time.getMonthValue() - 1).add(time.getDayOfMonth());
        parts.add(time.getHour()).add(time.getMinute());
        parts.add(Numbers.of(time.getSecond() + fraction));
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
        return TextNode.valueOf(DateFormat.write(time, format));
    }

    private static JsonNode parse(String text, String format) {
        return brokenDown(DateFormat.read(text, format), 0);
    }
}
