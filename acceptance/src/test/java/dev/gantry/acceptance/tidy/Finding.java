package dev.gantry.acceptance.tidy;

/**
 * Something untidy.
 *
 * @param subject the file, or file#member, that an exception would have to name
 * @param lines how long the subject is, or 0 where length is not the point
 */
record Finding(String path, int line, String subject, int lines, String message) {

    static Finding at(String path, int line, String message) {
        return new Finding(path, line, path, 0, message);
    }

    static Finding tooLong(String path, int line, String subject, int lines, int limit) {
        var what = subject.equals(path) ? "file" : subject.substring(path.length() + 1);
        var message = "%s has %d lines, allowed are %d".formatted(what, lines, limit);
        return new Finding(path, line, subject, lines, message);
    }

    @Override
    public String toString() {
        return "%s:%d: %s".formatted(path, line, message);
    }
}
