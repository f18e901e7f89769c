package dev.gantry.orchestrator.execution;

import java.time.Instant;

/**
 * A piece of a step's log.
 *
 * @param sequence for {@code from} of the next page: one more than the last chunk's
 * @param stream {@code stdout} or {@code stderr}
 * @param offset of the first byte within the attempt's stream
 */
public record LogChunk(
        long sequence, int attempt, String stream, long offset, Instant at, byte[] bytes) {}
