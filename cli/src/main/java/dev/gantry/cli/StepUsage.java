package dev.gantry.cli;

import com.fasterxml.jackson.databind.JsonNode;
import dev.gantry.cli.terminal.Times;
import java.time.Duration;
import java.util.Locale;

/** What a step's attempts used, as far as their adapters tell. */
final class StepUsage {
    private final JsonNode attempts;

    StepUsage(JsonNode step) {
        this.attempts = step.path("attempts");
    }

    boolean isKnown() {
        return !cpu().isEmpty() || !memory().isEmpty();
    }

    /** Of all attempts together. */
    String cpu() {
        long millis = 0;
        boolean known = false;
        for (JsonNode attempt : attempts) {
            JsonNode cpu = attempt.at("/usage/cpuMillis");
            known |= cpu.isNumber();
            millis += cpu.asLong();
        }
        return known ? Times.duration(Duration.ofMillis(millis)) : "";
    }

    /** The highest of all attempts, and its limit. */
    String memory() {
        JsonNode most = null;
        for (JsonNode attempt : attempts) {
            JsonNode usage = attempt.path("usage");
            if (usage.path("peakMemoryBytes").isNumber()
                    && (most == null || peak(usage) > peak(most))) {
                most = usage;
            }
        }
        if (most == null) {
            return "";
        }
        String limit =
                most.path("memoryLimitBytes").isNumber()
                        ? " of " + mebibytes(most.path("memoryLimitBytes").asLong())
                        : "";
        return mebibytes(peak(most)) + limit;
    }

    private static long peak(JsonNode usage) {
        return usage.path("peakMemoryBytes").asLong();
    }

    private static String mebibytes(long bytes) {
        return String.format(Locale.ROOT, "%,.0f MiB", bytes / 1_048_576.0);
    }
}
