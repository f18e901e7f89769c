package dev.gantry.cli.terminal;

/** Colours, or none. */
public enum Style {
    PLAIN,
    ANSI;

    public String bold(String text) {
        return sgr("1", text);
    }

    public String dim(String text) {
        return sgr("2", text);
    }

    public String red(String text) {
        return sgr("31", text);
    }

    public String green(String text) {
        return sgr("32", text);
    }

    public String yellow(String text) {
        return sgr("33", text);
    }

    public String cyan(String text) {
        return sgr("36", text);
    }

    /** The colour that goes with an execution's or a step's status. */
    public String status(String status) {
        return status(status, status);
    }

    /** The text in the colour of the status. */
    public String status(String status, String text) {
        return switch (status) {
            case "completed", "succeeded", "connected", "created", "enabled", "alive" ->
                    green(text);
            case "faulted", "failed", "disconnected", "conflict", "invalid", "silent" -> red(text);
            case "cancelled",
                    "cancelling",
                    "leaving",
                    "suspended",
                    "undecided",
                    "backoff",
                    "blocked",
                    "disabled" ->
                    yellow(text);
            case "running", "waiting", "pending", "scheduled" -> cyan(text);
            default -> dim(text);
        };
    }

    private String sgr(String code, String text) {
        return this == PLAIN || text.isEmpty() ? text : "\u001b[" + code + "m" + text + "\u001b[0m";
    }

    /** How wide a text is without its colours. */
    static int width(String text) {
        String plain = text.indexOf('\u001b') < 0 ? text : text.replaceAll("\u001b\\[[0-9;]*m", "");
        return plain.codePointCount(0, plain.length());
    }

    /**
     * What comes from elsewhere, made harmless: no control character reaches the terminal, where it
     * could move the cursor or worse.
     */
    public static String safe(String text) {
        boolean clean = text.chars().noneMatch(Style::isControl);
        if (clean) {
            return text;
        }
        StringBuilder safe = new StringBuilder();
        text.chars()
                .forEach(c -> {
                    if (isControl(c)) {
                        safe.append(c == '\n' || c == '\r' || c == '\t' ? ' ' : '\uFFFD');
                    } else {
                        safe.append((char) c);
                    }
                });
        return safe.toString();
    }

    private static boolean isControl(int c) {
        return c < 0x20 || (c >= 0x7f && c < 0xa0);
    }
}
