package dev.gantry.acceptance.tidy;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What may be longer than the rules allow, and why: lines of {@code subject | lines | reason} in
 * tidy-exceptions.txt. The stated length is a ceiling of its own, and an entry that is no longer
 * needed is a finding, so that the list neither grows nor rots unseen.
 */
record Exceptions(String source, Map<String, Entry> entries) {

    record Entry(int line, int lines, String reason) {}

    Exceptions {
        entries = Map.copyOf(entries);
    }

    static Exceptions parse(String source, String text) {
        var entries = new LinkedHashMap<String, Entry>();
        var lines = text.lines().toList();
        for (int i = 0; i < lines.size(); i++) {
            var line = lines.get(i).strip();
            if (line.isEmpty() || line.startsWith("#")) {
                continue;
            }
            var columns = line.split("\\s*\\|\\s*", -1);
            if (columns.length != 3 || columns[2].isBlank()) {
                throw new IllegalArgumentException(
                        "%s:%d: expected 'subject | lines | reason'".formatted(source, i + 1));
            }
            var entry = new Entry(i + 1, Integer.parseInt(columns[1]), columns[2]);
            if (entries.put(columns[0], entry) != null) {
                throw new IllegalArgumentException(
                        "%s:%d: %s is listed twice".formatted(source, i + 1, columns[0]));
            }
        }
        return new Exceptions(source, entries);
    }

    /** The findings that no entry excuses, and the entries that excuse nothing. */
    List<Finding> apply(List<Finding> findings) {
        var left = new ArrayList<Finding>();
        var unused = new LinkedHashMap<>(entries);
        for (var finding : findings) {
            var entry = finding.lines() > 0 ? unused.remove(finding.subject()) : null;
            if (entry == null || finding.lines() > entry.lines()) {
                left.add(finding);
            }
        }
        unused.forEach((subject, entry) ->
                left.add(Finding.at(source, entry.line(), "no longer needed: " + subject)));
        return left;
    }
}
