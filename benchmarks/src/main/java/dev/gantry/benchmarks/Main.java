package dev.gantry.benchmarks;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;

/**
 * The load of docs/benchmarks.md: prints Markdown, and writes JSON with {@code -Djson=FILE}. Which
 * of its parts, and how long each measures, is said by further properties.
 */
public final class Main {
    private static final Set<String> PARTS = Set.of("callers", "open", "overload", "young");

    private Main() {}

    public static void main(String[] arguments) throws Exception {
        Set<String> parts = new TreeSet<>(list("parts", String.join(",", PARTS)));
        if (!PARTS.containsAll(parts)) {
            System.err.printf("-Dparts=%s: expected are some of %s%n", parts, PARTS);
            System.exit(64);
        }
        List<Integer> callers =
                list("callers", "1,8,32,128,512").stream().map(Integer::valueOf).toList();
        try (Server server = Server.start();
                HttpLoad http = HttpLoad.open()) {
            printMachine();
            List<Row> rows = new ArrayList<>();
            if (parts.contains("callers")) {
                rows.addAll(new Callers(server, http, times()).measure(callers));
                Goals.print(rows, callers);
            }
            if (parts.contains("open")) {
                double rate = rate(server, http, rows);
                rows.add(Arrivals.measure(server, rate, seconds("open.seconds", 300)));
            }
            if (parts.contains("overload")) {
                rows.addAll(new Overload(server, seconds("overload.seconds", 60)).measure());
            }
            String json = System.getProperty("json");
            if (json != null) {
                Row.write(rows, Path.of(json));
            }
            if (parts.contains("young")) {
                Young.measure(server, Duration.ofSeconds(seconds("young.seconds", 60)));
            }
        }
    }

    private static Callers.Times times() {
        return new Callers.Times(
                Duration.ofSeconds(seconds("warmup", 3)),
                Duration.ofSeconds(seconds("seconds", 10)));
    }

    private static List<String> list(String property, String otherwise) {
        return Arrays.stream(System.getProperty(property, otherwise).split(",", -1))
                .map(String::strip)
                .toList();
    }

    private static int seconds(String property, int otherwise) {
        return Integer.getInteger(property, otherwise);
    }

    /** Half of the most that was, or is now, served over HTTP. */
    private static double rate(Server server, HttpLoad http, List<Row> rows) throws Exception {
        int given = Integer.getInteger("rate", 0);
        if (given > 0) {
            return given;
        }
        double peak =
                rows.stream()
                        .filter(row -> row.name().equals(Row.HTTP))
                        .mapToDouble(row -> row.result().perSecond())
                        .max()
                        .orElse(0);
        if (peak == 0) {
            Request request = Request.start(server, Server.MOCK, "", true);
            http.closed(request, 128, times().warmUp().multipliedBy(4));
            peak = http.closed(request, 128, times().measured()).perSecond();
        }
        return peak / 2;
    }

    private static void printMachine() {
        Runtime runtime = Runtime.getRuntime();
        System.out.printf(
                Locale.ROOT,
                "%n%d processors, heap of at most %,d MiB, JDK %s, all on one machine, fsync on; load before: %s%n",
                runtime.availableProcessors(),
                runtime.maxMemory() >> 20,
                Runtime.version(),
                java.lang.management.ManagementFactory.getOperatingSystemMXBean()
                        .getSystemLoadAverage());
    }
}
