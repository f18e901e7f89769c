package dev.gantry.benchmarks;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Locale;
import java.util.concurrent.ConcurrentLinkedQueue;

/**
 * Starts that come at a constant rate over HTTP, whatever the answers do: from the time when a
 * start is due until its first step is called. The client is another process; the clock is one.
 */
final class Arrivals {
    private static final int WARM_UP_SECONDS = 10;
    private static final int GOAL_MILLIS = 20;
    private static final String DUE = "due-";
    private static final ConcurrentLinkedQueue<Long> WAITS = new ConcurrentLinkedQueue<>();

    private Arrivals() {}

    /** To be told by the adapter, when it is called for a first step. */
    static void called(String correlation) {
        if (correlation.startsWith(DUE)) {
            WAITS.add(System.nanoTime() - Long.parseLong(correlation.substring(DUE.length())));
        }
    }

    static Row measure(Server server, double rate, double seconds) throws Exception {
        Request request = Request.start(server, Server.FIRST_STEP, DUE + "{due}", false);
        try (ClientProcess client = ClientProcess.start()) {
            client.arrive(request, rate, WARM_UP_SECONDS, null);
            client.answer();
            client.answer();
            WAITS.clear();
            client.arrive(request, rate, seconds, null);
            client.answer();
            JsonNode told = client.answer();
            long acknowledged = told.path("statuses").path("201").path("count").asLong();
            for (int i = 0; i < 100 && WAITS.size() < acknowledged; i++) {
                Thread.sleep(100);
            }
            return print(rate, seconds, told, acknowledged);
        }
    }

    private static Row print(double rate, double seconds, JsonNode told, long acknowledged) {
        long[] nanos = WAITS.stream().mapToLong(Long::longValue).toArray();
        Load.Result waits = Load.result(nanos, seconds, 0);
        System.out.printf(
                Locale.ROOT,
                """

                ## Open loop

                | what | measured |
                |---|---|
                | starts over HTTP, a second, for %.0f s | %,.0f |
                | acknowledged of sent, and not sent | %,d of %,d, %,d |
                | due time to first step | %s |
                | the client was late by at most | %.1f ms |
                | goal: p95 ≤ %d ms | %s |
                """,
                seconds,
                rate,
                acknowledged,
                told.path("sent").asLong(),
                told.path("unsent").asLong(),
                waits,
                told.path("clientLateMax").asDouble(),
                GOAL_MILLIS,
                waits.p95() <= GOAL_MILLIS ? "yes" : "no");
        return new Row("open loop, due time to first step", Row.AT_A_RATE, waits, null);
    }
}
