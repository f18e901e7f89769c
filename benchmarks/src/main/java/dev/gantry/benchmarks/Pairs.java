package dev.gantry.benchmarks;

import java.util.Arrays;
import java.util.Locale;

/** Two ways to do the same, in turn, so that both meet the same machine. */
final class Pairs {
    /** A server has run for a while, and its code is compiled. */
    private static final int WARM_UP = 20;

    private Pairs() {}

    /** What is timed, between what is not. */
    interface Way {
        void prepare() throws Exception;

        void timed() throws Exception;

        void cleanUp() throws Exception;
    }

    /** Prints a row of each, and their ratio by the median. */
    static void print(String bareName, Way bare, String ownName, Way own, int times)
            throws Exception {
        double[] bares = new double[times];
        double[] owns = new double[times];
        for (int i = -WARM_UP; i < times; i++) {
            double bareMillis = millis(bare);
            double ownMillis = millis(own);
            if (i >= 0) {
                bares[i] = bareMillis;
                owns[i] = ownMillis;
            }
        }
        System.out.printf("| what | p50 | p95 |%n|---|---|---|%n");
        row(bareName, bares);
        row(ownName, owns);
        System.out.printf(
                Locale.ROOT,
                "| by the median | %+.1f %%, %+.1f ms | |%n",
                100 * (at(owns, 0.5) / at(bares, 0.5) - 1),
                at(owns, 0.5) - at(bares, 0.5));
    }

    private static double millis(Way way) throws Exception {
        way.prepare();
        try {
            long began = System.nanoTime();
            way.timed();
            return (System.nanoTime() - began) / 1e6;
        } finally {
            way.cleanUp();
        }
    }

    private static void row(String name, double[] millis) {
        System.out.printf(
                Locale.ROOT,
                "| %s | %.1f ms | %.1f ms |%n",
                name,
                at(millis, 0.5),
                at(millis, 0.95));
    }

    private static double at(double[] millis, double quantile) {
        double[] sorted = millis.clone();
        Arrays.sort(sorted);
        return sorted[(int) Math.min(sorted.length - 1L, (long) (sorted.length * quantile))];
    }
}
