package dev.gantry.benchmarks;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * Three times as many starts over HTTP as are served: what is accepted, what is refused and how
 * soon, whether every start that was acknowledged completes, and how soon all is well again.
 */
final class Overload {
    private static final Duration WARM_UP = Duration.ofSeconds(10);
    private static final Duration CAPACITY = Duration.ofSeconds(15);
    private static final int MOST_MEASURED = 6;
    private static final double GROWING = 1.1;
    private static final int AFTER_SECONDS = 15;
    private static final int TIMES = 3;

    /** As soon as this much of the capacity is reached, the speed is full again. */
    private static final double FULL = 0.9;

    /** Enough to keep the server busy, whatever a commit takes. */
    private static final int CONNECTIONS = Integer.getInteger("connections", 128);

    private final Server server;
    private final double seconds;

    Overload(Server server, double seconds) {
        this.server = server;
        this.seconds = seconds;
    }

    List<Row> measure() throws Exception {
        Path file = Files.createTempFile("gantry-benchmark", ".acknowledged");
        Request steady = Request.start(server, Server.MOCK, "", true);
        Request flood = Request.start(server, Server.MOCK, "over-{n}", true);
        try (ClientProcess calm = ClientProcess.start();
                ClientProcess wild = ClientProcess.start()) {
            wild.closed(steady, CONNECTIONS, WARM_UP);
            Load.Result capacity = capacity(calm, steady);
            System.gc();
            Vitals vitals = Vitals.watch(server);
            wild.arrive(flood, TIMES * capacity.perSecond(), seconds, file);
            wild.answer();
            vitals.close();
            JsonNode after = calm.inTurn(steady, CONNECTIONS, AFTER_SECONDS);
            JsonNode told = wild.answer();
            print(capacity, told, after);
            vitals.print();
            printStarts(Files.readAllLines(file));
            List<Row> rows = new ArrayList<>();
            rows.add(new Row("overload: at capacity", CONNECTIONS, capacity, null));
            for (Map.Entry<String, JsonNode> status : told.path("statuses").properties()) {
                rows.add(
                        new Row(
                                "overload: answers " + status.getKey(),
                                Row.AT_A_RATE,
                                result(status.getValue()),
                                null));
            }
            return rows;
        } finally {
            Files.delete(file);
        }
    }

    private Load.Result result(JsonNode sinceSent) {
        return new Load.Result(
                sinceSent.path("count").asDouble() / seconds,
                sinceSent.path("p50Sent").asDouble(),
                sinceSent.path("p95Sent").asDouble(),
                sinceSent.path("p99Sent").asDouble(),
                0);
    }

    /** What is not compiled yet is no capacity: measured until it does not grow any more. */
    private static Load.Result capacity(ClientProcess client, Request request) throws IOException {
        Load.Result before;
        Load.Result now = client.closed(request, CONNECTIONS, WARM_UP);
        int times = 0;
        do {
            before = now;
            now = client.closed(request, CONNECTIONS, CAPACITY);
        } while (now.perSecond() > GROWING * before.perSecond() && ++times < MOST_MEASURED);
        return now;
    }

    private void print(Load.Result capacity, JsonNode told, JsonNode after) {
        System.out.printf(
                Locale.ROOT, "%n## Overload%n%n| what | measured | goal |%n|---|---|---|%n");
        row("at capacity: %d connections in turn".formatted(CONNECTIONS), capacity.toString(), "");
        double sent = told.path("sent").asDouble();
        row(
                "sent, for %.0f s".formatted(seconds),
                "%,.0f/s; %,d more had no connection; the client took %.2f of a core, and was late by at most %.0f ms"
                        .formatted(
                                sent / seconds,
                                told.path("unsent").asLong(),
                                told.path("cpuSeconds").asDouble() / seconds,
                                told.path("clientLateMax").asDouble()),
                "%d times the capacity".formatted(TIMES));
        for (Map.Entry<String, JsonNode> status : told.path("statuses").properties()) {
            printStatus(status.getKey(), status.getValue(), capacity);
        }
        double refused = told.path("refused").asDouble();
        row(
                "refused within 100 ms of being sent; without Retry-After",
                "%.1f %%; %,d"
                        .formatted(
                                100 * told.path("refusedSoon").asDouble() / refused,
                                told.path("refusedWithoutRetryAfter").asLong()),
                "100 %; 0");
        row("codes of what was refused or failed", told.path("codes").toString(), "no 500");
        row("no answer at all", told.path("failures").toString(), "none");
        row(
                "at least %.0f %% of the capacity again".formatted(100 * FULL),
                recovered(after, capacity),
                "within 5 s");
    }

    private void printStatus(String status, JsonNode times, Load.Result capacity) {
        boolean accepted = status.equals("200");
        row(
                "answers " + status,
                "%,.0f/s, since due p50 %.0f ms, p95 %.0f ms, p99 %.0f ms, at most %.0f ms; since sent p95 %.0f ms%s"
                        .formatted(
                                times.path("count").asDouble() / seconds,
                                times.path("p50").asDouble(),
                                times.path("p95").asDouble(),
                                times.path("p99").asDouble(),
                                times.path("max").asDouble(),
                                times.path("p95Sent").asDouble(),
                                accepted
                                        ? ": %.1f times that at capacity"
                                                .formatted(
                                                        times.path("p95Sent").asDouble()
                                                                / capacity.p95())
                                        : ""),
                accepted ? "p95 at most 3 times" : "");
    }

    private static String recovered(JsonNode after, Load.Result capacity) {
        List<Integer> bySecond = new ArrayList<>();
        after.path("succeededBySecond").forEach(second -> bySecond.add(second.asInt()));
        int full = 0;
        while (full < bySecond.size() && bySecond.get(full) < FULL * capacity.perSecond()) {
            full++;
        }
        return full == bySecond.size()
                ? "not within %d s: %s".formatted(full, bySecond)
                : "in second %d: %s".formatted(full + 1, bySecond);
    }

    /** By the database, when nothing is under way any more. */
    private void printStarts(List<String> acknowledged) throws InterruptedException {
        for (int i = 0; i < 120 && count("status < 4") > 0; i++) {
            Thread.sleep(500);
        }
        server.jdbi()
                .useTransaction(handle -> {
                    handle.execute(
                            "create temporary table acknowledged (correlation_id text primary key) on commit drop");
                    handle.createUpdate("insert into acknowledged select unnest(:ids)")
                            .bind(
                                    "ids",
                                    acknowledged.stream()
                                            .map(n -> "over-" + n)
                                            .toArray(String[]::new))
                            .execute();
                    long completed =
                            handle.createQuery(
                                            """
                                            select count(*) from acknowledged a join execution x
                                                on x.tenant_id = 'default' and x.status = 6
                                               and x.correlation_id = a.correlation_id
                                            """)
                                    .mapTo(Long.class)
                                    .one();
                    row(
                            "acknowledged starts that completed",
                            "%,d of %,d".formatted(completed, acknowledged.size()),
                            "all");
                });
        row(
                "starts in the database that nobody was told of",
                "%,d".formatted(count("true") - acknowledged.size()),
                "");
    }

    private long count(String which) {
        return server.jdbi()
                .withHandle(handle ->
                        handle.createQuery(
                                        "select count(*) from execution where tenant_id = 'default' and correlation_id like 'over-%' and "
                                                + which)
                                .mapTo(Long.class)
                                .one());
    }

    static void row(String what, String measured, String goal) {
        System.out.printf("| %s | %s | %s |%n", what, measured, goal);
    }
}
