package dev.gantry.orchestrator.definition.expression;

import java.time.DateTimeException;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.ZoneOffset;
import java.time.temporal.ChronoField;
import java.time.temporal.IsoFields;
import java.util.List;
import java.util.Map;

/** C's formats of dates, as {@code strftime} writes and {@code strptime} reads them, in English. */
final class DateFormat {
    static final int MAX_FORMAT = 1_000;

    private static final List<String> DAYS =
            List.of("Sunday", "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday");
    private static final List<String> MONTHS =
            List.of(
                    "January",
                    "February",
                    "March",
                    "April",
                    "May",
                    "June",
                    "July",
                    "August",
                    "September",
                    "October",
                    "November",
                    "December");

    /** Letters that stand for several others. */
    private static final Map<Character, String> SHORT =
            Map.of(
                    'D', "%m/%d/%y",
                    'x', "%m/%d/%y",
                    'T', "%H:%M:%S",
                    'X', "%H:%M:%S",
                    'R', "%H:%M",
                    'F', "%Y-%m-%d",
                    'r', "%I:%M:%S %p",
                    'c', "%a %b %e %H:%M:%S %Y");

    private final String text;
    private int at;
    private int year = 1970;
    private int month = 1;
    private int day = 1;
    private int dayOfYear;
    private int hour;
    private boolean isAfternoon;
    private int minute;
    private int second;

    private DateFormat(String text) {
        this.text = text;
    }

    private static String required(String format) {
        if (format.length() > MAX_FORMAT) {
            throw new JqError("a date format has at most %d characters".formatted(MAX_FORMAT));
        }
        if (format.endsWith("%") && !format.endsWith("%%")) {
            throw new JqError("the date format ends with a single '%'");
        }
        Budget.current().spend(format.length());
        return format;
    }

    private static JqError unknown(char letter) {
        return new JqError("'%%%s' is no date format that is known here".formatted(letter));
    }

    static String write(LocalDateTime time, String format) {
        StringBuilder written = new StringBuilder();
        String given = required(format);
        for (int i = 0; i < given.length(); i++) {
            char c = given.charAt(i);
            written.append(c == '%' ? written(time, given.charAt(++i)) : String.valueOf(c));
        }
        return written.toString();
    }

    private static String written(LocalDateTime time, char letter) {
        String several = SHORT.get(letter);
        if (several != null) {
            return write(time, several);
        }
        int weekday = time.getDayOfWeek().getValue() % 7;
        int hour12 = time.get(ChronoField.CLOCK_HOUR_OF_AMPM);
        return switch (letter) {
            case 'Y' -> String.valueOf(time.getYear());
            case 'C' -> two(Math.floorDiv(time.getYear(), 100));
            case 'y' -> two(Math.floorMod(time.getYear(), 100));
            case 'm' -> two(time.getMonthValue());
            case 'd' -> two(time.getDayOfMonth());
            case 'e' -> "%2d".formatted(time.getDayOfMonth());
            case 'H' -> two(time.getHour());
            case 'k' -> "%2d".formatted(time.getHour());
            case 'I' -> two(hour12);
            case 'l' -> "%2d".formatted(hour12);
            case 'M' -> two(time.getMinute());
            case 'S' -> two(time.getSecond());
            case 'p' -> time.getHour() < 12 ? "AM" : "PM";
            case 'P' -> time.getHour() < 12 ? "am" : "pm";
            case 'A' -> DAYS.get(weekday);
            case 'a' -> DAYS.get(weekday).substring(0, 3);
            case 'B' -> MONTHS.get(time.getMonthValue() - 1);
            case 'b', 'h' -> MONTHS.get(time.getMonthValue() - 1).substring(0, 3);
            case 'j' -> "%03d".formatted(time.getDayOfYear());
            case 'u' -> String.valueOf(time.getDayOfWeek().getValue());
            case 'w' -> String.valueOf(weekday);
            case 'U' -> two((time.getDayOfYear() + 6 - weekday) / 7);
            case 'W' -> two((time.getDayOfYear() + 6 - (weekday + 6) % 7) / 7);
            case 'V' -> two(time.get(IsoFields.WEEK_OF_WEEK_BASED_YEAR));
            case 'G' -> String.valueOf(time.get(IsoFields.WEEK_BASED_YEAR));
            case 'g' -> two(Math.floorMod(time.get(IsoFields.WEEK_BASED_YEAR), 100));
            case 's' -> String.valueOf(time.toEpochSecond(ZoneOffset.UTC));
            case 'z' -> "+0000";
            case 'Z' -> "UTC";
            case 'n' -> "\n";
            case 't' -> "\t";
            case '%' -> "%";
            default -> throw unknown(letter);
        };
    }

    private static String two(int number) {
        return "%02d".formatted(number);
    }

    static LocalDateTime read(String text, String format) {
        DateFormat reading = new DateFormat(text);
        if (!reading.matches(required(format)) || reading.at < text.length()) {
            throw new JqError(
                    "the date \"%s\" does not match the format \"%s\"".formatted(text, format));
        }
        try {
            LocalDate date =
                    reading.dayOfYear > 0
                            ? LocalDate.ofYearDay(reading.year, reading.dayOfYear)
                            : LocalDate.of(reading.year, reading.month, reading.day);
            // A leap second is the first one of the next minute.
            return date.atTime(LocalTime.of(reading.hour24(), reading.minute))
                    .plusSeconds(reading.second);
        } catch (DateTimeException e) {
            throw new JqError("the date \"%s\" does not exist".formatted(text));
        }
    }

    private int hour24() {
        return isAfternoon && hour < 12 ? hour + 12 : hour;
    }

    private boolean matches(String format) {
        for (int i = 0; i < format.length(); i++) {
            char c = format.charAt(i);
            if (c == '%') {
                if (!matches(format.charAt(++i))) {
                    return false;
                }
            } else if (Character.isWhitespace(c)) {
                skipBlanks();
            } else if (at == text.length() || text.charAt(at++) != c) {
                return false;
            }
        }
        return true;
    }

    private void skipBlanks() {
        while (at < text.length() && Character.isWhitespace(text.charAt(at))) {
            at++;
        }
    }

    private boolean matches(char letter) {
        String several = SHORT.get(letter);
        if (several != null) {
            return matches(several);
        }
        return switch (letter) {
            case 'Y' -> (year = number(4)) >= 0;
            case 'y' -> {
                int short2 = number(2);
                year = short2 + (short2 < 69 ? 2000 : 1900);
                yield short2 >= 0;
            }
            case 'm' -> (month = number(2)) >= 0;
            case 'd', 'e' -> (day = number(2)) >= 0;
            case 'H', 'k' -> (hour = number(2)) >= 0;
            case 'I', 'l' -> {
                hour = number(2);
                boolean is = hour >= 1 && hour <= 12;
                hour %= 12;
                yield is;
            }
            case 'M' -> (minute = number(2)) >= 0;
            case 'S' -> (second = number(2)) >= 0 && second <= 60;
            case 'j' -> (dayOfYear = number(3)) > 0;
            case 'p', 'P' -> {
                int half = name(List.of("AM", "PM"));
                isAfternoon = half == 1;
                yield half >= 0;
            }
            case 'A', 'a' -> name(DAYS) >= 0;
            case 'B', 'b', 'h' -> (month = name(MONTHS) + 1) > 0;
            case 'u', 'w' -> number(1) >= 0;
            case 'U', 'W', 'V', 'g', 'C' -> number(2) >= 0;
            case 'G' -> number(4) >= 0;
            case 's' -> seconds();
            case 'z', 'Z' -> zone();
            case 'n', 't' -> {
                skipBlanks();
                yield true;
            }
            case '%' -> at < text.length() && text.charAt(at++) == '%';
            default -> throw unknown(letter);
        };
    }

    /** Up to so many digits; -1 if there is none. */
    private int number(int digits) {
        skipBlanks();
        int from = at;
        while (at < text.length()
                && at - from < digits
                && text.charAt(at) >= '0'
                && text.charAt(at) <= '9') {
            at++;
        }
        return at == from ? -1 : Integer.parseInt(text.substring(from, at));
    }

    /** Which of the names stands here, in full or by its first three letters; -1 if none does. */
    private int name(List<String> names) {
        skipBlanks();
        for (int i = 0; i < names.size(); i++) {
            for (String name :
                    List.of(
                            names.get(i),
                            names.get(i).substring(0, Math.min(3, names.get(i).length())))) {
                if (text.regionMatches(true, at, name, 0, name.length())) {
                    at += name.length();
                    return i;
                }
            }
        }
        return -1;
    }

    private boolean seconds() {
        int from = at;
        int seconds = number(9);
        if (seconds >= 0
                && at - from == 9
                && at < text.length()
                && Character.isDigit(text.charAt(at))) {
            at = from;
            long longer = number(5);
            longer = longer * 100_000 + number(5);
            return set(longer);
        }
        return seconds >= 0 && set(seconds);
    }

    private boolean set(long seconds) {
        LocalDateTime time = LocalDateTime.ofEpochSecond(seconds, 0, ZoneOffset.UTC);
        year = time.getYear();
        month = time.getMonthValue();
        day = time.getDayOfMonth();
        hour = time.getHour();
        minute = time.getMinute();
        second = time.getSecond();
        return true;
    }

    /** Its offset is not applied, as jq does not either. */
    private boolean zone() {
        int from = at;
        while (at < text.length()
                && (Character.isLetterOrDigit(text.charAt(at))
                        || "+-:".indexOf(text.charAt(at)) >= 0)) {
            at++;
        }
        return at > from;
    }
}
