package dev.gantry.process;

import dev.gantry.spi.Limits;
import dev.gantry.spi.ProvisionException;

/**
 * Processor and memory: what a workload gets that names none, and the most that one may name.
 *
 * @param settings prefix of the settings, such as {@code gantry.adapters.docker}, for messages
 */
public record LimitPolicy(
        String settings,
        int defaultCpuMillis,
        long defaultMemoryBytes,
        int maxCpuMillis,
        long maxMemoryBytes) {

    /** From {@code default-cpu-millis}, {@code default-memory-mib} and the two with {@code max}. */
    public static LimitPolicy of(Settings settings) {
        return new LimitPolicy(
                settings.prefix(),
                settings.number("default-cpu-millis", 1_000, 10, 1_000_000),
                mebibytes(settings.number("default-memory-mib", 512, 6, 10_000_000)),
                settings.number("max-cpu-millis", 8_000, 10, 1_000_000),
                mebibytes(settings.number("max-memory-mib", 8_192, 6, 10_000_000)));
    }

    private static long mebibytes(int number) {
        return (long) number << 20;
    }

    /** The limit that is in force. */
    public int cpuMillis(Limits limits) {
        Integer asked = limits.cpuMillis();
        return asked == null ? defaultCpuMillis : asked;
    }

    /** The limit that is in force. */
    public long memoryBytes(Limits limits) {
        Long asked = limits.memoryBytes();
        return asked == null ? defaultMemoryBytes : asked;
    }

    /** Nobody gets more than a workload may have here. */
    void require(Limits limits) throws ProvisionException {
        Integer cpu = limits.cpuMillis();
        Long memory = limits.memoryBytes();
        if (cpu != null && cpu > maxCpuMillis) {
            throw new ProvisionException(
                    Refusal.notAllowed(
                            "%dm of CPU are asked for, at most %dm are allowed (%s.max-cpu-millis)"
                                    .formatted(cpu, maxCpuMillis, settings)));
        }
        if (memory != null && memory > maxMemoryBytes) {
            throw new ProvisionException(
                    Refusal.notAllowed(
                            "%d MiB of memory are asked for, at most %d MiB are allowed (%s.max-memory-mib)"
                                    .formatted(memory >> 20, maxMemoryBytes >> 20, settings)));
        }
    }
}
