package dev.gantry.spi;

/**
 * What an adapter can do beyond the mandatory lifecycle. A claim is a promise: the contract kit
 * proves what is claimed, and proves for some what is not claimed, so that Gantry may rely on both.
 */
public enum Capability {
    /**
     * {@code provision} creates something on the backend that outlives the adapter instance. Gantry
     * then journals the handle before it runs the step, and {@code owned()} lists the resource
     * until {@code teardown}. Without the claim {@code provision} has no effect outside the process
     * and {@code owned()} is always empty. An adapter that claims it for itself, and not for a
     * workload, may list what {@code run} stored for it: that is removed once no step wants it.
     */
    PROVISIONS_RESOURCES,
    /**
     * A new adapter instance can {@code probe} and {@code reattach} to a handle read from bytes.
     */
    REATTACH,
    /** {@code cancel} stops the work and completes when the backend confirms that it is dead. */
    CANCEL,
    /** Logs arrive at the {@link LogSink} while the step runs, not only at {@code collect}. */
    LOG_STREAMING,
    /** {@code collect} delivers output files. */
    ARTIFACTS,
    /** {@code Limits.cpuMillis} is enforced. */
    CPU_LIMIT,
    /** {@code Limits.memoryBytes} is enforced; excess ends the step with {@code OUT_OF_MEMORY}. */
    MEMORY_LIMIT,
    /** {@code teardown} may be called again for the same handle and then does nothing. */
    IDEMPOTENT_TEARDOWN,
    /** Nothing runs, and nothing costs, while no step does. */
    SCALE_TO_ZERO,
    /**
     * CPU time and peak memory of a step that runs for some seconds are measured, and told with its
     * outcome. Without the claim one of them or both are absent.
     */
    USAGE,
    /** Steps may ask for a GPU. */
    GPU
}
