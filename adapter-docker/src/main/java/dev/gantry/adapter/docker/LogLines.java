package dev.gantry.adapter.docker;

import dev.gantry.spi.LogSink.Stream;
import java.io.IOException;
import java.util.EnumMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The bytes that a container printed, from the engine's log. The engine cuts long lines into parts
 * of {@value #PART} bytes and does not give back the line break behind the last one. A part that is
 * full is never a line's last, as there was no room for the line break; so a shorter one after it
 * is, or the stream ends there without one.
 */
final class LogLines {
    private static final int PART = 16 * 1024;
    private static final byte[] LINE_BREAK = {'\n'};

    private final Attachment.Taker taker;
    private final Map<Stream, State> states = new EnumMap<>(Stream.class);

    private enum State {
        /** Behind a line break, or within a line that can only be the stream's last. */
        PLAIN,
        /** Behind a full part. */
        IN_LINE,
        /** Behind the last part of a line. */
        LINE_BREAK_DUE
    }

    LogLines(Attachment.Taker taker) {
        this.taker = taker;
    }

    /** One entry of the log; in pieces, if it is longer than any part can be. */
    void take(Stream stream, byte[] entry) throws IOException {
        State before = states.getOrDefault(stream, State.PLAIN);
        boolean ends = entry.length > 0 && entry[entry.length - 1] == '\n';
        if (before == State.LINE_BREAK_DUE || (before == State.IN_LINE && ends)) {
            taker.take(stream, LINE_BREAK);
            before = State.PLAIN;
        }
        if (entry.length > 0) {
            taker.take(stream, entry);
        }
        State after = State.PLAIN;
        if (!ends && entry.length >= PART) {
            after = State.IN_LINE;
        } else if (before == State.IN_LINE) {
            after = State.LINE_BREAK_DUE;
        }
        states.put(stream, after);
    }

    /**
     * The log is over.
     *
     * @param endsLine whether the stream is known to end with a line break; where that is not known
     *     it does, as streams do
     */
    void end(Stream stream, @Nullable Boolean endsLine) throws IOException {
        if (states.get(stream) == State.LINE_BREAK_DUE && !Boolean.FALSE.equals(endsLine)) {
            taker.take(stream, LINE_BREAK);
        }
        states.remove(stream);
    }
}
