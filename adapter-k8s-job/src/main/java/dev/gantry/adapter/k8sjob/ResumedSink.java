package dev.gantry.adapter.k8sjob;

import dev.gantry.spi.LogSink;
import java.util.EnumMap;
import java.util.Map;

/**
 * A sink for a log that is read from its beginning, whose known bytes come again; where the
 * beginning is gone, all of it comes after what is known.
 */
final class ResumedSink implements LogSink {
    private final LogSink sink;
    private final Map<Stream, Long> before = new EnumMap<>(Stream.class);

    ResumedSink(LogSink sink) {
        this.sink = sink;
    }

    void startIsLost() {
        for (Stream stream : Stream.values()) {
            before.put(stream, sink.position(stream));
        }
    }

    @Override
    public void write(Stream stream, long offset, byte[] bytes) {
        sink.write(stream, before.getOrDefault(stream, 0L) + offset, bytes);
    }

    @Override
    public long position(Stream stream) {
        return sink.position(stream);
    }
}
