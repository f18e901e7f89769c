package dev.gantry.benchmarks;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * One measurement, as JSON and as Markdown have it.
 *
 * @param callers of a closed loop, or {@link #AT_A_RATE}
 */
record Row(String name, int callers, Load.Result result, @Nullable Costs each) {
    static final int AT_A_RATE = 0;

    static final String IN_PROCESS = "gantry in-process";
    static final String HTTP = "gantry http";
    static final String ADAPTERS = "gantry http GET /v1/adapters";
    static final String READ = "gantry http GET /v1/executions/{id}";
    static final String DBOS = "dbos transact";
    static final String BARE_1 = "bare loop 1";
    static final String BARE_2 = "bare loop 2";

    static void printHead() {
        System.out.printf(
                "| callers | what | per second | p50 | p95 | p99 | commits | statements | round trips | KiB of WAL | CPU ms, server | CPU ms, database |%n"
                        + "|---|---|---|---|---|---|---|---|---|---|---|---|%n");
    }

    void print() {
        System.out.printf(
                Locale.ROOT,
                "| %d | %s%s | %,.0f | %.1f ms | %.1f ms | %.1f ms | %s |%n",
                callers,
                name,
                result.failures() == 0 ? "" : ", %d failed".formatted(result.failures()),
                result.perSecond(),
                result.p50(),
                result.p95(),
                result.p99(),
                each == null
                        ? " | | | | | "
                        : String.format(
                                Locale.ROOT,
                                "%.3f | %.3f | %.3f | %.1f | %.2f | %.2f",
                                each.commits(),
                                each.statements(),
                                each.roundTrips(),
                                each.walBytes() / 1024,
                                each.serverCpu() * 1e3,
                                each.databaseCpu() * 1e3));
    }

    /** Not a number if there is none. */
    static double perSecond(List<Row> rows, String name, int callers) {
        return rows.stream()
                .filter(row -> row.callers == callers && row.name.equals(name))
                .mapToDouble(row -> row.result.perSecond())
                .findFirst()
                .orElse(Double.NaN);
    }

    /** The better of the two. */
    static double bareLoop(List<Row> rows, int callers) {
        return Math.max(perSecond(rows, BARE_1, callers), perSecond(rows, BARE_2, callers));
    }

    /** An array with one object a row; times in milliseconds, costs a workflow or request. */
    static void write(List<Row> rows, Path file) throws IOException {
        ObjectMapper json = new ObjectMapper();
        ArrayNode all = json.createArrayNode();
        for (Row row : rows) {
            ObjectNode one = all.addObject();
            one.put("name", row.name)
                    .put("callers", row.callers)
                    .put("perSecond", row.result.perSecond())
                    .put("failed", row.result.failures());
            put(one, "p50", row.result.p50());
            put(one, "p95", row.result.p95());
            put(one, "p99", row.result.p99());
            // What only reads is no workflow.
            double workflows =
                    row.name.equals(ADAPTERS) || row.name.equals(READ)
                            ? Double.NaN
                            : row.result.perSecond();
            put(one, "ratioToDbos", workflows / perSecond(rows, DBOS, row.callers));
            put(one, "ratioToBareLoop", workflows / bareLoop(rows, row.callers));
            if (row.each != null) {
                one.put("commits", row.each.commits())
                        .put("statements", row.each.statements())
                        .put("roundTrips", row.each.roundTrips())
                        .put("walBytes", row.each.walBytes())
                        .put("serverCpuSeconds", row.each.serverCpu())
                        .put("databaseCpuSeconds", row.each.databaseCpu());
            }
        }
        json.writerWithDefaultPrettyPrinter().writeValue(file.toFile(), all);
    }

    /** JSON has no number for what was not measured. */
    private static void put(ObjectNode row, String name, double number) {
        if (Double.isNaN(number)) {
            row.putNull(name);
        } else {
            row.put(name, number);
        }
    }
}
