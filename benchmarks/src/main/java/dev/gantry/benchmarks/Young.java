package dev.gantry.benchmarks;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * The first minute of a fresh installation beside one that has run for a while, in one process
 * whose code is compiled. PostgreSQL plans a statement by what its tables hold: where a page at
 * random is said to cost four times one in turn, as in its default settings, one that is planned
 * while they are empty reads them whole until they are analyzed.
 */
final class Young {
    private static final int CALLERS = 8;
    private static final int SLICES = 6;
    private static final String DEFAULT_COST = "random_page_cost = 4";

    private final Duration minute;
    private final List<String> rows = new ArrayList<>();

    private Young(Duration minute) {
        this.minute = minute;
    }

    static void measure(Server warm, Duration minute) throws Exception {
        Young young = new Young(minute);
        Load.closed(CALLERS, minute.dividedBy(3), Duration.ZERO, Load.Span.NONE, warm::run);
        warm.jdbi().useHandle(handle -> handle.execute("analyze"));
        young.add("one that has run, and is analyzed", warm::run);
        try (Server fresh = Server.start(DEFAULT_COST)) {
            young.add("a fresh one, random pages at their default cost", fresh::run);
        }
        young.add("the one that has run, again", warm::run);
        young.addBare(warm, "planned by index, as Gantry's commits", BareLoop.BY_INDEX);
        young.addBare(
                warm, "left to the planner, pages at their default cost", "set " + DEFAULT_COST);
        System.out.printf(
                "%n## A young database%n%n%d callers, workflows/s in each sixth of %d s.%n%n| what | from the first on |%n|---|---|%n",
                CALLERS, minute.toSeconds());
        young.rows.forEach(System.out::println);
    }

    private void addBare(Server server, String how, String plans) throws Exception {
        try (BareLoop loop = BareLoop.start(server, 1, plans)) {
            add("bare loop on empty tables, " + how, loop::run);
        }
    }

    private void add(String what, Load.Call call) throws InterruptedException {
        List<String> slices = new ArrayList<>();
        for (int i = 0; i < SLICES; i++) {
            Load.Result slice =
                    Load.closed(
                            CALLERS, Duration.ZERO, minute.dividedBy(SLICES), Load.Span.NONE, call);
            slices.add(String.format(Locale.ROOT, "%,.0f", slice.perSecond()));
        }
        rows.add("| %s | %s |".formatted(what, String.join(", ", slices)));
    }
}
