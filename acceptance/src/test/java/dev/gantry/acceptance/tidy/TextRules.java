package dev.gantry.acceptance.tidy;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

/** Rules that need only the text of a file. */
final class TextRules {

    static final int LONGEST_FILE_LINES = 500;

    // Taken apart, or this file would break its own rule.
    private static final Pattern MARKER = Pattern.compile("\\b(TO" + "DO|FIX" + "ME|XX" + "X)\\b");

    private TextRules() {}

    static List<Finding> check(SourceFile file) {
        var findings = new ArrayList<Finding>();
        var lines = file.text().lines().toList();
        if (file.isJava() && lines.size() > LONGEST_FILE_LINES) {
            findings.add(
                    Finding.tooLong(file.path(), 1, file.path(), lines.size(), LONGEST_FILE_LINES));
        }
        for (int i = 0; i < lines.size(); i++) {
            var marker = MARKER.matcher(lines.get(i));
            if (marker.find()) {
                findings.add(
                        Finding.at(
                                file.path(),
                                i + 1,
                                marker.group() + " left over: do it, or make it an issue"));
            }
        }
        return findings;
    }
}
