package dev.gantry.adapter.lambda;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.gantry.spi.Outcome;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.LongBinaryOperator;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** What Lambda reports of one invocation in its log; null is what it does not say. */
record Report(
        @Nullable Long durationMillis,
        @Nullable Long billedMillis,
        @Nullable Long memoryBytes,
        @Nullable Long usedBytes,
        @Nullable Long initMillis,
        @Nullable Long restoreMillis,
        @Nullable String status) {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final long MIB = 1 << 20;
    private static final Pattern STATUS = Pattern.compile("\\tStatus: ([a-z]+)");

    /** The report among the lines of a log; null if there is none. */
    static @Nullable Report among(List<String> lines, String requestId) {
        for (String line : lines.reversed()) {
            if (line.startsWith("REPORT RequestId: " + requestId)) {
                return ofText(line);
            }
            if (line.startsWith("{") && line.contains("platform.report")) {
                Report report = ofJson(line, requestId);
                if (report != null) {
                    return report;
                }
            }
        }
        return null;
    }

    private static Report ofText(String line) {
        return new Report(
                millis(line, "Duration"),
                millis(line, "Billed Duration"),
                bytes(line, "Memory Size"),
                bytes(line, "Max Memory Used"),
                millis(line, "Init Duration"),
                millis(line, "Restore Duration"),
                status(line));
    }

    private static @Nullable String status(String line) {
        Matcher matcher = STATUS.matcher(line);
        return matcher.find() ? matcher.group(1) : null;
    }

    private static @Nullable Long millis(String line, String what) {
        Double value = value(line, what, "ms");
        return value == null ? null : Long.valueOf(Math.round(value));
    }

    private static @Nullable Long bytes(String line, String what) {
        Double value = value(line, what, "MB");
        return value == null ? null : Long.valueOf(Math.round(value) * MIB);
    }

    private static @Nullable Double value(String line, String what, String unit) {
        Matcher matcher =
                Pattern.compile("\\t%s: ([0-9.]+) %s".formatted(what, unit)).matcher(line);
        return matcher.find() ? Double.valueOf(matcher.group(1)) : null;
    }

    private static @Nullable Report ofJson(String line, String requestId) {
        try {
            JsonNode entry = JSON.readTree(line);
            JsonNode report = entry.path("record");
            if (!entry.path("type").asText().equals("platform.report")
                    || !report.path("requestId").asText().equals(requestId)) {
                return null;
            }
            JsonNode metrics = report.path("metrics");
            return new Report(
                    number(metrics, "durationMs", 1),
                    number(metrics, "billedDurationMs", 1),
                    number(metrics, "memorySizeMB", MIB),
                    number(metrics, "maxMemoryUsedMB", MIB),
                    number(metrics, "initDurationMs", 1),
                    number(metrics, "restoreDurationMs", 1),
                    report.path("status").textValue());
        } catch (JsonProcessingException e) {
            // A line of the function's own that looks like one of Lambda's.
            return null;
        }
    }

    private static @Nullable Long number(JsonNode metrics, String name, long unit) {
        JsonNode value = metrics.path(name);
        return value.isNumber() ? Long.valueOf(Math.round(value.asDouble()) * unit) : null;
    }

    /** All that is told of a time-out, where an answer has no error of that type. */
    boolean isOfATimeout() {
        return "timeout".equals(status);
    }

    /** Of two invocations for one step. */
    Report plus(Report other) {
        return new Report(
                both(durationMillis, other.durationMillis, Long::sum),
                both(billedMillis, other.billedMillis, Long::sum),
                both(memoryBytes, other.memoryBytes, Math::max),
                both(usedBytes, other.usedBytes, Math::max),
                sum(initMillis, other.initMillis),
                sum(restoreMillis, other.restoreMillis),
                other.status);
    }

    private static @Nullable Long both(
            @Nullable Long one, @Nullable Long other, LongBinaryOperator how) {
        return one == null || other == null ? null : Long.valueOf(how.applyAsLong(one, other));
    }

    /** What only a cold start has. */
    private static @Nullable Long sum(@Nullable Long one, @Nullable Long other) {
        return one == null ? other : other == null ? one : Long.valueOf(one + other);
    }

    boolean usedAllMemory() {
        return memoryBytes != null && usedBytes != null && usedBytes >= memoryBytes;
    }

    Outcome.Usage usage() {
        Map<String, Long> units = new LinkedHashMap<>();
        put(units, "billedMillis", billedMillis);
        put(units, "initMillis", initMillis);
        put(units, "restoreMillis", restoreMillis);
        return new Outcome.Usage(durationMillis, null, usedBytes, null, memoryBytes, units);
    }

    private static void put(Map<String, Long> units, String name, @Nullable Long value) {
        if (value != null) {
            units.put(name, value);
        }
    }
}
