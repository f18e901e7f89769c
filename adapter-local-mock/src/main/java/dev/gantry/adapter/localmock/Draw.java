package dev.gantry.adapter.localmock;

import dev.gantry.spi.StepContext;

/**
 * Chance that can be repeated: a number drawn from the script's seed and from what an attempt is
 * called. The correlation id stands for the execution, because a caller can give the same again.
 */
final class Draw {
    private Draw() {}

    /**
     * Evenly spread over 0 (inclusive) to 1 (exclusive).
     *
     * @param salt tells several draws for one attempt apart
     */
    static double fraction(long seed, int salt, StepContext context) {
        long bits = mix(seed + salt);
        bits = mix(bits ^ context.correlationId().hashCode());
        bits = mix(bits ^ context.taskPointer().hashCode());
        bits = mix(bits ^ context.iteration().hashCode());
        bits = mix(bits ^ context.attempt());
        return (bits >>> 11) * 0x1.0p-53;
    }

    // The finalizer of SplitMix64.
    private static long mix(long value) {
        long z = value + 0x9e3779b97f4a7c15L;
        z = (z ^ (z >>> 30)) * 0xbf58476d1ce4e5b9L;
        z = (z ^ (z >>> 27)) * 0x94d049bb133111ebL;
        return z ^ (z >>> 31);
    }
}
