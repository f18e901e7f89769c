package dev.gantry.benchmarks;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Arrays;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.hc.client5.http.async.methods.SimpleHttpResponse;

/** What a client's requests came to. Times are kept each, by the status that they ended with. */
final class Tally {
    private static final Pattern CODE = Pattern.compile("\"code\"\\s*:\\s*\"([^\"]*)\"");
    private static final int REFUSED_SOON_MILLIS = 100;

    private final Map<Integer, Times> byStatus = new TreeMap<>();
    private final Map<String, Integer> codes = new TreeMap<>();
    private final Map<String, Integer> failures = new TreeMap<>();
    private final StringBuilder acknowledged = new StringBuilder();
    private int[] succeededBySecond = new int[64];
    private long sent;
    private long unsent;
    private long latest;
    private int refused;
    private int refusedSoon;
    private int refusedWithoutWhen;

    /** Grows as it is needed. */
    private static final class Times {
        long[] sinceDue = new long[1024];
        long[] sinceSent = new long[1024];
        int count;

        void add(long due, long send) {
            if (count == sinceDue.length) {
                sinceDue = Arrays.copyOf(sinceDue, 2 * count);
                sinceSent = Arrays.copyOf(sinceSent, 2 * count);
            }
            sinceDue[count] = due;
            sinceSent[count++] = send;
        }
    }

    synchronized void sent(long late) {
        sent++;
        latest = Math.max(latest, late);
    }

    synchronized void unsent() {
        unsent++;
    }

    synchronized long sent() {
        return sent;
    }

    synchronized void failed(Exception failure) {
        failures.merge(failure.getClass().getSimpleName(), 1, Integer::sum);
    }

    /**
     * @param sinceDue since the request was to be sent, which is what its caller feels
     * @param sinceSent since it was sent, without what the client was late by
     * @param sinceBegin when it was answered
     */
    synchronized void answered(
            long n, SimpleHttpResponse response, long sinceDue, long sinceSent, long sinceBegin) {
        int status = response.getCode();
        byStatus.computeIfAbsent(status, code -> new Times()).add(sinceDue, sinceSent);
        if (status < 300) {
            acknowledged.append(n).append('\n');
            int second = (int) (sinceBegin / 1_000_000_000L);
            if (second >= succeededBySecond.length) {
                succeededBySecond = Arrays.copyOf(succeededBySecond, 2 * second);
            }
            succeededBySecond[second]++;
            return;
        }
        String body = response.getBodyText();
        Matcher code = CODE.matcher(body == null ? "" : body);
        codes.merge(code.find() ? code.group(1) : "none", 1, Integer::sum);
        if (status == 503 || status == 429) {
            refused++;
            refusedSoon += sinceSent <= REFUSED_SOON_MILLIS * 1_000_000L ? 1 : 0;
            refusedWithoutWhen += response.getFirstHeader("Retry-After") == null ? 1 : 0;
        }
    }

    synchronized String acknowledged() {
        return acknowledged.toString();
    }

    /** Milliseconds throughout. */
    synchronized ObjectNode told(ObjectMapper json, double seconds) {
        ObjectNode told = json.createObjectNode();
        told.put("sent", sent)
                .put("unsent", unsent)
                .put("clientLateMax", latest / 1e6)
                .put("refused", refused)
                .put("refusedSoon", refusedSoon)
                .put("refusedWithoutRetryAfter", refusedWithoutWhen);
        ObjectNode statuses = told.putObject("statuses");
        byStatus.forEach((status, times) -> {
            ObjectNode row = statuses.putObject(status.toString());
            row.put("count", times.count);
            add(row, "", Arrays.copyOf(times.sinceDue, times.count), seconds);
            add(row, "Sent", Arrays.copyOf(times.sinceSent, times.count), seconds);
        });
        told.set("codes", json.valueToTree(codes));
        told.set("failures", json.valueToTree(failures));
        ArrayNode bySecond = told.putArray("succeededBySecond");
        for (int i = 0; i < seconds; i++) {
            bySecond.add(i < succeededBySecond.length ? succeededBySecond[i] : 0);
        }
        return told;
    }

    private static void add(ObjectNode row, String since, long[] nanos, double seconds) {
        Load.Result result = Load.result(nanos, seconds, 0);
        row.put("p50" + since, result.p50())
                .put("p95" + since, result.p95())
                .put("p99" + since, result.p99())
                .put("max" + since, nanos[nanos.length - 1] / 1e6);
    }
}
