package dev.gantry.adapter.localmock;

/**
 * A pattern for names and JSON Pointers: {@code *} stands for any characters but a slash, {@code
 * **} for any characters, {@code ?} for one that is no slash.
 */
record Glob(String pattern) {

    boolean matches(String value) {
        return matches(0, value, 0);
    }

    // By hand and not by a regex: it is asked several times for every step, and allocates nothing.
    private boolean matches(int from, String value, int at) {
        int v = at;
        for (int p = from; p < pattern.length(); p++, v++) {
            char wanted = pattern.charAt(p);
            if (wanted == '*') {
                return pattern.startsWith("**", p)
                        ? matchesRest(p + 2, value, v, true)
                        : matchesRest(p + 1, value, v, false);
            }
            if (v == value.length() || !accepts(wanted, value.charAt(v))) {
                return false;
            }
        }
        return v == value.length();
    }

    private static boolean accepts(char wanted, char found) {
        return wanted == '?' ? found != '/' : wanted == found;
    }

    /** Tries every length for the star before {@code from}. */
    private boolean matchesRest(int from, String value, int at, boolean overSlashes) {
        for (int v = at; v <= value.length(); v++) {
            if (matches(from, value, v)) {
                return true;
            }
            if (v < value.length() && value.charAt(v) == '/' && !overSlashes) {
                return false;
            }
        }
        return false;
    }
}
