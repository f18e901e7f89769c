package dev.gantry.adapter.localmock;

import dev.gantry.spi.LogSink;
import dev.gantry.spi.LogSink.Stream;
import java.util.function.BooleanSupplier;

/** Brings to a sink what a workload has printed, a small piece at a time. */
final class Pump {
    private static final int PIECE_BYTES = 32 * 1024;
    private static final Stream[] STREAMS = Stream.values();

    private Pump() {}

    /**
     * @param ranMillis how long the workload has run
     * @param stop looked at between pieces, because a sink may block for long
     */
    static void deliver(LogPlan logs, long ranMillis, LogSink sink, BooleanSupplier stop) {
        if (logs.isSilent()) {
            return;
        }
        for (Stream stream : STREAMS) {
            long end = logs.printedAfter(ranMillis, stream);
            long offset = end == 0 ? 0 : sink.position(stream);
            while (offset < end && !stop.getAsBoolean()) {
                byte[] piece = logs.read(stream, offset, (int) Math.min(PIECE_BYTES, end - offset));
                sink.write(stream, offset, piece);
                offset += piece.length;
            }
        }
    }
}
