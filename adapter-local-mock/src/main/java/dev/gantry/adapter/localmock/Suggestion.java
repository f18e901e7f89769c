package dev.gantry.adapter.localmock;

import java.util.Collection;
import java.util.Comparator;

/** Finds the word that somebody may have meant. */
final class Suggestion {
    private static final int FARTHEST = 3;

    private Suggestion() {}

    /** {@code ; did you mean 'latency'?}, or nothing if no known word is near. */
    static String forWord(String word, Collection<String> known) {
        return known.stream()
                .filter(it -> distance(word, it) <= Math.min(FARTHEST, it.length() / 2))
                .min(Comparator.comparingInt(it -> distance(word, it)))
                .map("; did you mean '%s'?"::formatted)
                .orElse("");
    }

    /** Levenshtein's distance, upper and lower case alike. */
    private static int distance(String one, String other) {
        int[] previous = new int[other.length() + 1];
        for (int j = 0; j <= other.length(); j++) {
            previous[j] = j;
        }
        for (int i = 1; i <= one.length(); i++) {
            int[] current = new int[other.length() + 1];
            current[0] = i;
            for (int j = 1; j <= other.length(); j++) {
                boolean same = lower(one, i - 1) == lower(other, j - 1);
                int replaced = previous[j - 1] + (same ? 0 : 1);
                current[j] = Math.min(replaced, 1 + Math.min(previous[j], current[j - 1]));
            }
            previous = current;
        }
        return previous[other.length()];
    }

    private static char lower(String text, int index) {
        return Character.toLowerCase(text.charAt(index));
    }
}
