package dev.gantry.spi;

import java.util.Map;
import org.jspecify.annotations.Nullable;

/** How an attempt ended, as the backend reports it. */
public sealed interface Outcome {
    /**
     * @param output JSON in UTF-8
     */
    record Succeeded(byte[] output, Usage usage) implements Outcome {}

    /**
     * @param process what the process left, where there was one; the streams are tails of at most
     *     16 KiB each
     */
    record Failed(Failure failure, @Nullable ProcessResult process, Usage usage)
            implements Outcome {}

    /** Ended by {@link RunnerAdapter#cancel}, and confirmed dead. */
    record Cancelled(Usage usage) implements Outcome {}

    /** The three things that a process leaves behind. */
    record ProcessResult(int code, String stdout, String stderr) {}

    /**
     * What the attempt used (BR-111, BR-131), and what it could have used. Null, or no entry, where
     * the backend does not tell: never 0.
     *
     * @param wallMillis from the workload's start to its end, by the backend's clock
     * @param cpuMillis CPU time over all cores
     * @param peakMemoryBytes highest resident memory that was seen
     * @param cpuLimitMillis thousandths of a CPU that were its limit, also by the adapter's default
     * @param memoryLimitBytes its limit, also by the adapter's default
     * @param units what the backend counts by its own measures, above all those it asks money for;
     *     names with their unit at the end, such as {@code billedMillis}
     */
    record Usage(
            @Nullable Long wallMillis,
            @Nullable Long cpuMillis,
            @Nullable Long peakMemoryBytes,
            @Nullable Integer cpuLimitMillis,
            @Nullable Long memoryLimitBytes,
            Map<String, Long> units) {
        public static final Usage UNKNOWN = wall(null);

        /** Usages that were stored before there were units have none. */
        public Usage(
                @Nullable Long wallMillis,
                @Nullable Long cpuMillis,
                @Nullable Long peakMemoryBytes,
                @Nullable Integer cpuLimitMillis,
                @Nullable Long memoryLimitBytes,
                @Nullable Map<String, Long> units) {
            this.wallMillis = wallMillis;
            this.cpuMillis = cpuMillis;
            this.peakMemoryBytes = peakMemoryBytes;
            this.cpuLimitMillis = cpuLimitMillis;
            this.memoryLimitBytes = memoryLimitBytes;
            this.units = units == null ? Map.of() : Map.copyOf(units);
        }

        /** Of which the time alone is known, or nothing. */
        public static Usage wall(@Nullable Long wallMillis) {
            return new Usage(wallMillis, null, null, null, null, Map.of());
        }
    }
}
