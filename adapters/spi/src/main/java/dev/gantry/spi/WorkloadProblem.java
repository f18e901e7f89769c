package dev.gantry.spi;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * One thing that is wrong with a workload, or that the platform does not allow; see {@link
 * RunnerAdapter#check}.
 *
 * @param pointer JSON Pointer of the place: within the binding of a {@link Workload.Function}, such
 *     as {@code /image}; for a {@link Workload.Process} by the names of its components, such as
 *     {@code /arguments/2} or {@code /environment/LEVEL}
 * @param message for people: what is wrong, with which value
 * @param expected what would be right, or null
 * @param suggestion the mend, where it can be told, or null
 */
public record WorkloadProblem(
        String pointer, String message, @Nullable String expected, @Nullable String suggestion) {
    // Nobody mistypes more; beyond, guessing would take longer than it is worth.
    private static final int MAX_WORD = 100;

    /**
     * A problem for every key that is not known here.
     *
     * @param pointer of the block; empty for the binding itself
     * @param what for the message, such as {@code the docker block}
     */
    public static List<WorkloadProblem> unknownKeys(
            Map<?, ?> block, String pointer, String what, Collection<String> known) {
        List<WorkloadProblem> problems = new ArrayList<>();
        for (Object key : block.keySet()) {
            String name = String.valueOf(key);
            if (!known.contains(name)) {
                String meant =
                        nearest(name, known).map("did you mean '%s'?"::formatted).orElse(null);
                problems.add(
                        new WorkloadProblem(
                                pointer + "/" + escaped(name),
                                "unknown property '%s' in %s%s"
                                        .formatted(name, what, meant == null ? "" : "; " + meant),
                                "one of " + new TreeSet<>(known),
                                meant));
            }
        }
        problems.sort(Comparator.comparing(WorkloadProblem::pointer));
        return problems;
    }

    /** All in one message, for where there is room for no more. */
    public static String text(List<WorkloadProblem> problems) {
        return problems.stream()
                .map(problem ->
                        problem.expected() == null
                                ? problem.message()
                                : "%s; expected is %s"
                                        .formatted(problem.message(), problem.expected()))
                .collect(Collectors.joining("; "));
    }

    /** A name as a part of a JSON Pointer. */
    public static String escaped(String name) {
        return name.replace("~", "~0").replace("/", "~1");
    }

    /** The known word that somebody may have meant. */
    public static Optional<String> nearest(String written, Collection<String> known) {
        if (written.length() > MAX_WORD) {
            return Optional.empty();
        }
        int far = Math.max(1, written.length() / 3) + 1;
        return known.stream()
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
                int replaced = cost[i - 1][j - 1] + (a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1);
                int least = Math.min(replaced, Math.min(cost[i - 1][j], cost[i][j - 1]) + 1);
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
