package dev.gantry.adapter.localmock;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A range of attempts, both ends included. */
record AttemptRange(int first, int last) {
    static final AttemptRange ALL = new AttemptRange(1, Integer.MAX_VALUE);
    private static final Pattern RANGE = Pattern.compile("(\\d{1,9})(?:(\\.\\.)(\\d{1,9})?)?");

    AttemptRange {
        if (first < 1 || last < first) {
            throw new IllegalArgumentException(
                    "attempts %d to %d are no range; attempts count from 1".formatted(first, last));
        }
    }

    static AttemptRange parse(String text) {
        Matcher range = RANGE.matcher(text);
        if (!range.matches()) {
            throw new IllegalArgumentException(
                    "'%s' is neither a number such as 1 nor a range such as 1..3 or 2.."
                            .formatted(text));
        }
        int first = Integer.parseInt(range.group(1));
        String last = range.group(3);
        if (last != null) {
            return new AttemptRange(first, Integer.parseInt(last));
        }
        return new AttemptRange(first, range.group(2) == null ? first : Integer.MAX_VALUE);
    }

    boolean contains(int attempt) {
        return attempt >= first && attempt <= last;
    }
}
