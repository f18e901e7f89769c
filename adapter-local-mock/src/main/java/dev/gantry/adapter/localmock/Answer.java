package dev.gantry.adapter.localmock;

import dev.gantry.spi.Outcome.Usage;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What the mock does with an attempt.
 *
 * @param usage what the workload used, or null for the time that it took
 */
record Answer(
        Ending ending,
        Spread latency,
        List<LogScript> logs,
        List<FileScript> files,
        @Nullable Usage usage,
        Faults faults) {

    /** At once, with the input as the result. */
    static final Answer DEFAULT =
            new Answer(new Ending.Echo(), Spread.NONE, List.of(), List.of(), null, Faults.NONE);

    Answer {
        logs = List.copyOf(logs);
        files = List.copyOf(files);
    }

    /** Whether the workload ends in the call that begins it, and leaves no trace. */
    boolean isImmediate() {
        return latency.isNone()
                && logs.isEmpty()
                && faults.spareTheRun()
                && !(ending instanceof Ending.Exit);
    }
}
