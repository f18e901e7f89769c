package dev.gantry.benchmarks;

import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** What is to be reached, as ratios of one run, beside what was. */
final class Goals {
    private static final int MANY = 32;

    private final List<Row> rows;

    private Goals(List<Row> rows) {
        this.rows = rows;
    }

    static void print(List<Row> rows, List<Integer> callers) {
        System.out.printf("%n| callers | goal | reached |  |%n|---|---|---|---|%n");
        Goals goals = new Goals(rows);
        callers.forEach(goals::printFor);
    }

    private void printFor(int callers) {
        double inProcess = Row.perSecond(rows, Row.IN_PROCESS, callers);
        double http = Row.perSecond(rows, Row.HTTP, callers);
        double adapters = Row.perSecond(rows, Row.ADAPTERS, callers);
        Double dbos = overDbos(callers);
        if (dbos != null) {
            print(
                    callers,
                    "in-process ≥ %.1f × DBOS",
                    dbos,
                    inProcess / Row.perSecond(rows, Row.DBOS, callers));
        }
        print(
                callers,
                "in-process ≥ %.2f of the bare loop",
                callers >= 512 ? 0.4 : 0.6,
                inProcess / Row.bareLoop(rows, callers));
        if (callers < MANY) {
            print(callers, "HTTP ≥ %.2f of in-process", 0.6, http / inProcess);
        } else {
            double both = 1 / (1 / inProcess + 1 / adapters);
            print(
                    callers,
                    "HTTP ≥ %.2f of h, 1/h = 1/in-process + 1/(GET /v1/adapters)",
                    0.85,
                    http / both);
        }
        print(
                callers,
                "GET by id ≥ %.2f of GET /v1/adapters",
                0.5,
                Row.perSecond(rows, Row.READ, callers) / adapters);
    }

    /** None is set for other numbers of callers. */
    private static @Nullable Double overDbos(int callers) {
        return switch (callers) {
            case 1 -> 1.3;
            case 8 -> 2.2;
            case 32 -> 5.0;
            case 512 -> 12.0;
            default -> null;
        };
    }

    private static void print(int callers, String goal, double least, double reached) {
        if (Double.isNaN(reached)) {
            // One of the two was not measured.
            return;
        }
        System.out.printf(
                Locale.ROOT,
                "| %d | " + goal + " | %.2f | %s |%n",
                callers,
                least,
                reached,
                reached >= least ? "yes" : "no");
    }
}
