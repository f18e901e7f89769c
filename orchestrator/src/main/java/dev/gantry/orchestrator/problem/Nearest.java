package dev.gantry.orchestrator.problem;

import java.util.Collection;
import java.util.Comparator;
import java.util.Locale;
import java.util.Optional;

/** Guesses what somebody meant who wrote something else. */
public final class Nearest {
    // Nobody mistypes more; beyond, guessing would take longer than it is worth.
    private static final int MAX_LENGTH = 100;
    private static final int MAX_KNOWN = 500;

    private Nearest() {}

    /** {@code ; did you mean 'x'?}, or nothing if no known word is near. */
    public static String hint(String written, Collection<String> known) {
        return among(written, known).map("; did you mean '%s'?"::formatted).orElse("");
    }

    static Optional<String> among(String written, Collection<String> known) {
        if (written.length() > MAX_LENGTH) {
            return Optional.empty();
        }
        int far = Math.max(1, written.length() / 3) + 1;
        return known.stream()
                .limit(MAX_KNOWN)
                .filter(word -> word.length() < written.length() + far)
                .filter(word -> distance(written, word) < far)
                .min(Comparator.comparingInt(word -> distance(written, word)));
    }

    /** Insertions, deletions, replacements and swaps of neighbours that make one of the other. */
    private static int distance(String from, String to) {
        String a = from.toLowerCase(Locale.ROOT);
        String b = to.toLowerCase(Locale.ROOT);
        int[][] cost = new int[a.length() + 1][b.length() + 1];
        for (int i = 0; i <= a.length(); i++) {
            for (int j = 0; j <= b.length(); j++) {
                if (i == 0 || j == 0) {
                    cost[i][j] = i + j;
                    continue;
                }
                boolean same = a.charAt(i - 1) == b.charAt(j - 1);
                int least = Math.min(cost[i - 1][j], cost[i][j - 1]) + 1;
                least = Math.min(least, cost[i - 1][j - 1] + (same ? 0 : 1));
                boolean swapped =
                        i > 1
                                && j > 1
                                && a.charAt(i - 1) == b.charAt(j - 2)
                                && a.charAt(i - 2) == b.charAt(j - 1);
                cost[i][j] = swapped ? Math.min(least, cost[i - 2][j - 2] + 1) : least;
            }
        }
        return cost[a.length()][b.length()];
    }
}
