package dev.gantry.orchestrator.runner.call;

import java.nio.charset.StandardCharsets;

/** What of a text stands for itself in a URI. Sources: RFC 3986, 2; RFC 6570, 3.2.1. */
enum PercentEncoding {
    /** Headers have no escapes. */
    NONE,
    ALL,
    /**
     * Reserved characters and what is encoded already are left, but for those no query can have.
     */
    BUT_RESERVED;

    private static final String UNRESERVED = "-._~";
    private static final String RESERVED_IN_QUERY = ":/?@!$&'()*+,;=";

    String of(String text) {
        if (this == NONE) {
            return text;
        }
        StringBuilder encoded = new StringBuilder(text.length());
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        for (int i = 0; i < bytes.length; i++) {
            char character = (char) (bytes[i] & 0xff);
            if (isLeft(character) || (this == BUT_RESERVED && isTriple(bytes, i))) {
                encoded.append(character);
            } else {
                encoded.append("%%%02X".formatted((int) character));
            }
        }
        return encoded.toString();
    }

    private boolean isLeft(char character) {
        return (character < 0x80 && Character.isLetterOrDigit(character))
                || UNRESERVED.indexOf(character) >= 0
                || (this == BUT_RESERVED && RESERVED_IN_QUERY.indexOf(character) >= 0);
    }

    private static boolean isTriple(byte[] bytes, int at) {
        return bytes[at] == '%'
                && at + 2 < bytes.length
                && Character.digit(bytes[at + 1], 16) >= 0
                && Character.digit(bytes[at + 2], 16) >= 0;
    }
}
