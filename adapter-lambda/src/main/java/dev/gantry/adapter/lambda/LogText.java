package dev.gantry.adapter.lambda;

import dev.gantry.spi.LogSink;
import dev.gantry.spi.LogSink.Stream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.regex.Pattern;

/**
 * Lines of one log on their way to a sink. Lambda keeps both streams of a function in one; what it
 * writes there itself is left out, so that a log is what the function printed.
 */
final class LogText {
    private static final int CHUNK = 64 * 1024;
    private static final Pattern OF_LAMBDA =
            Pattern.compile(
                    "(START|END|REPORT) RequestId: [0-9a-f-]{36}\\b.*|INIT_START .*|INIT_REPORT .*|RESTORE_START .*|RESTORE_REPORT .*|XRAY TraceId: .*|\\{.*\"type\":\\s*\"platform\\.[a-zA-Z]+\".*\\}",
                    Pattern.DOTALL);

    private final LogSink sink;
    private final long maxBytes;
    private long offset;

    /**
     * @param maxBytes after which nothing more would be kept
     */
    LogText(LogSink sink, long maxBytes) {
        this.sink = sink;
        this.maxBytes = maxBytes;
    }

    boolean isFull() {
        return offset > maxBytes;
    }

    void line(String line) {
        if (!OF_LAMBDA.matcher(line.stripTrailing()).matches()) {
            write((line.endsWith("\n") ? line : line + "\n").getBytes(StandardCharsets.UTF_8));
        }
    }

    /** What the sink has already is not given again. */
    private void write(byte[] bytes) {
        int from = Math.clamp(sink.position(Stream.STDOUT) - offset, 0, bytes.length);
        while (from < bytes.length) {
            int to = Math.min(bytes.length, from + CHUNK);
            sink.write(Stream.STDOUT, offset + from, Arrays.copyOfRange(bytes, from, to));
            from = to;
        }
        offset += bytes.length;
    }
}
