package dev.gantry.spi;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * What one attempt may use.
 *
 * @param cpuMillis thousandths of a CPU, or null for the adapter's default
 * @param memoryBytes or null for the adapter's default
 * @param timeout wall-clock time from the start of the workload; Gantry cancels at its end, and the
 *     adapter should end the workload by itself soon after, in case Gantry is not there
 * @param maxOutputBytes a result larger than this fails the attempt with {@code OUTPUT_TOO_LARGE}
 * @param maxLogBytes log bytes kept over both streams; the sink counts and drops the rest. An
 *     adapter that reads a stored log may stop where it is over the limit
 * @param maxArtifactBytes over all output files of the attempt
 */
public record Limits(
        @Nullable Integer cpuMillis,
        @Nullable Long memoryBytes,
        Duration timeout,
        long maxOutputBytes,
        long maxLogBytes,
        long maxArtifactBytes) {

    public Limits {
        if (timeout.isNegative() || timeout.isZero()) {
            throw new IllegalArgumentException(
                    "timeout is %s, must be positive".formatted(timeout));
        }
        if (maxOutputBytes < 1 || maxLogBytes < 0 || maxArtifactBytes < 0) {
            throw new IllegalArgumentException(
                    "limits must not be negative: %s".formatted(timeout));
        }
    }

    /** 1 minute, 4 MiB of output, 256 MiB of logs, 256 MiB of files, CPU and memory by default. */
    public static Limits defaults() {
        return new Limits(null, null, Duration.ofMinutes(1), 4L << 20, 256L << 20, 256L << 20);
    }

    public Limits withTimeout(Duration newTimeout) {
        return new Limits(
                cpuMillis, memoryBytes, newTimeout, maxOutputBytes, maxLogBytes, maxArtifactBytes);
    }
}
