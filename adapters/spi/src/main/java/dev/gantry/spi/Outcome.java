package dev.gantry.spi;

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
     * What the attempt used (BR-111, BR-131); null where the backend does not tell.
     *
     * @param wallMillis from the workload's start to its end, by the backend's clock
     * @param cpuMillis CPU time over all cores
     * @param peakMemoryBytes highest resident memory
     */
    record Usage(
            @Nullable Long wallMillis, @Nullable Long cpuMillis, @Nullable Long peakMemoryBytes) {
        public static final Usage UNKNOWN = new Usage(null, null, null);
    }
}
