package dev.gantry.adapter.lambda;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Where the log of an invocation is, and the end of it.
 *
 * @param since before the first entry
 * @param tail the last bytes; null if the answer had none
 */
record Trace(
        Clients.Access access,
        String logGroup,
        String requestId,
        Instant since,
        byte @Nullable [] tail) {
    /** Of a log, as an answer has them. */
    static final int TAIL_BYTES = 4_096;

    private static final Duration CLOCKS_APART = Duration.ofMinutes(1);

    /** No entry is older, in milliseconds. */
    long earliest() {
        return since.minus(CLOCKS_APART).toEpochMilli();
    }

    /** Whether there is nothing before the tail. */
    boolean isWhole() {
        return tail != null && tail.length < TAIL_BYTES;
    }

    List<String> tailLines() {
        return tail == null ? List.of() : new String(tail, StandardCharsets.UTF_8).lines().toList();
    }

    @Nullable Report report() {
        return Report.among(tailLines(), requestId);
    }
}
