package dev.gantry.adapter.localmock;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.gantry.spi.LogSink.Stream;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Which byte a workload prints when: the same for everybody who asks, also after a restart. */
final class LogPlan {
    static final LogPlan SILENT = new LogPlan(List.of());

    private final List<Segment> segments;

    private LogPlan(List<Segment> segments) {
        this.segments = List.copyOf(segments);
    }

    /**
     * One script, printed evenly.
     *
     * @param text what is repeated, or null for numbered {@link Lines}
     * @param unitBytes what is printed at a time
     * @param streamOffset how much of the stream came before
     * @param startMillis when it begins, after the workload's start
     */
    private record Segment(
            Stream stream,
            byte @Nullable [] text,
            int unitBytes,
            long bytes,
            long everyMillis,
            long streamOffset,
            long startMillis) {

        long endMillis() {
            return startMillis + Math.max(0, units() - 1) * everyMillis;
        }

        private long units() {
            return (bytes + unitBytes - 1) / unitBytes;
        }

        long printedAfter(long millis) {
            if (millis < startMillis) {
                return 0;
            }
            if (everyMillis == 0) {
                return bytes;
            }
            return Math.min(bytes, (1 + (millis - startMillis) / everyMillis) * unitBytes);
        }

        /** When the next unit comes, or the largest value if none does. */
        long nextAfter(long millis) {
            if (millis < startMillis) {
                return startMillis;
            }
            return printedAfter(millis) == bytes
                    ? Long.MAX_VALUE
                    : startMillis + (1 + (millis - startMillis) / everyMillis) * everyMillis;
        }

        void fill(byte[] target, long offset) {
            if (text == null) {
                Lines.fill(target, stream, offset);
                return;
            }
            for (int filled = 0; filled < target.length; ) {
                int from = (int) ((offset + filled) % text.length);
                int length = Math.min(text.length - from, target.length - filled);
                System.arraycopy(text, from, target, filled, length);
                filled += length;
            }
        }
    }

    /**
     * @param stdout printed at the end, after everything else
     */
    static LogPlan of(
            List<LogScript> scripts, String stdout, String stderr, long endMillis, Values values) {
        if (scripts.isEmpty() && stdout.isEmpty() && stderr.isEmpty()) {
            return SILENT;
        }
        Builder builder = new Builder();
        for (LogScript script : scripts) {
            switch (script) {
                case LogScript.Text it -> {
                    byte[] text = it.text().bytes(values);
                    builder.add(it, text, text.length, (long) text.length * it.times());
                }
                case LogScript.Flood it -> builder.add(it, null, Lines.BYTES, it.bytes());
            }
        }
        builder.at(Math.max(endMillis, builder.millis));
        builder.addAtOnce(Stream.STDOUT, stdout);
        builder.addAtOnce(Stream.STDERR, stderr);
        return new LogPlan(builder.segments);
    }

    private static final class Builder {
        final List<Segment> segments = new ArrayList<>();
        long millis;
        private long stdoutBytes;
        private long stderrBytes;

        void at(long newMillis) {
            millis = newMillis;
        }

        void add(LogScript script, byte @Nullable [] text, int unitBytes, long bytes) {
            add(script.stream(), text, unitBytes, bytes, script.every().toMillis());
        }

        void addAtOnce(Stream stream, String text) {
            byte[] bytes = text.getBytes(UTF_8);
            add(stream, bytes, bytes.length, bytes.length, 0);
        }

        private void add(
                Stream stream,
                byte @Nullable [] text,
                int unitBytes,
                long bytes,
                long everyMillis) {
            if (bytes == 0) {
                return;
            }
            long before = stream == Stream.STDOUT ? stdoutBytes : stderrBytes;
            Segment segment =
                    new Segment(stream, text, unitBytes, bytes, everyMillis, before, millis);
            segments.add(segment);
            millis = segment.endMillis();
            if (stream == Stream.STDOUT) {
                stdoutBytes += bytes;
            } else {
                stderrBytes += bytes;
            }
        }
    }

    boolean isSilent() {
        return segments.isEmpty();
    }

    /** When the last byte comes. */
    long endMillis() {
        return isSilent() ? 0 : segments.getLast().endMillis();
    }

    long printedAfter(long millis, Stream stream) {
        long bytes = 0;
        for (Segment segment : segments) {
            if (segment.stream() == stream) {
                bytes += segment.printedAfter(millis);
            }
        }
        return bytes;
    }

    long nextAfter(long millis) {
        long next = Long.MAX_VALUE;
        for (Segment segment : segments) {
            next = Math.min(next, segment.nextAfter(millis));
        }
        return next;
    }

    /** At most {@code limit} bytes of the stream from {@code offset} on, which is below the end. */
    byte[] read(Stream stream, long offset, int limit) {
        for (Segment segment : segments) {
            long inSegment = offset - segment.streamOffset();
            if (segment.stream() == stream && inSegment < segment.bytes()) {
                byte[] bytes = new byte[(int) Math.min(limit, segment.bytes() - inSegment)];
                segment.fill(bytes, inSegment);
                return bytes;
            }
        }
        throw new IllegalArgumentException("%s has no byte %d".formatted(stream, offset));
    }
}
