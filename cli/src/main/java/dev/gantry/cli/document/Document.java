package dev.gantry.cli.document;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.regex.Pattern;

/**
 * One document of a file.
 *
 * @param file as it is shown
 * @param firstLine where the document begins in its file, from 1
 */
public record Document(String file, int firstLine, String text, boolean isJson) {
    private static final Pattern FUNCTION = key("function");
    private static final Pattern WORKFLOW = key("document");

    /** A key of the outermost level, in block or in flow style. */
    private static Pattern key(String name) {
        return Pattern.compile(
                "(?m)(?:^|\\A\\s*\\{\\s*)[\"']?"
                        + name
                        + "[\"']?\\s*:|\\A\\s*\\{\\s*\""
                        + name
                        + "\"");
    }

    public byte[] bytes() {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    public String mediaType() {
        return isJson ? "application/json" : "application/yaml";
    }

    /** A guess that decides only what is published first. */
    public boolean looksLikeFunction() {
        return FUNCTION.matcher(text).find();
    }

    /** Whether a folder's file is meant to be published at all. */
    public boolean looksLikeDefinition() {
        return looksLikeFunction() || WORKFLOW.matcher(text).find();
    }

    boolean isBlank() {
        return text.lines()
                .map(String::strip)
                .allMatch(line -> line.isEmpty() || line.startsWith("#") || line.equals("..."));
    }

    /** A line of the document, from 1; nothing if there is none. */
    String line(int number) {
        List<String> lines = text.lines().toList();
        return number < 1 || number > lines.size() ? "" : lines.get(number - 1);
    }

    /** The file, and the line if the document is not the first one in it. */
    public String place() {
        return firstLine == 1 ? file : file + ":" + firstLine;
    }
}
