package dev.gantry.process;

import dev.gantry.spi.Limits;
import dev.gantry.spi.LogSink;
import dev.gantry.spi.LogSink.Stream;
import dev.gantry.spi.Workload;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * What was captured of a process's streams, wherever it came from: all goes to the sink, and a
 * beginning for the result and a tail for people are kept.
 */
public final class Capture {
    public static final int TAIL = 16 * 1024;

    private final Map<Stream, Kept> kept = new EnumMap<>(Stream.class);
    private final Limits limits;
    private final @Nullable LogSink sink;

    private static final class Kept {
        final ByteArrayOutputStream head = new ByteArrayOutputStream();
        final ByteArrayOutputStream tail = new ByteArrayOutputStream();
        final long headLimit;
        long total;

        Kept(long headLimit) {
            this.headLimit = headLimit;
        }

        void add(byte[] bytes) {
            total += bytes.length;
            if (head.size() < headLimit) {
                head.write(bytes, 0, (int) Math.min(bytes.length, headLimit - head.size()));
            }
            if (tail.size() + bytes.length > 4 * TAIL) {
                byte[] old = tail.toByteArray();
                tail.reset();
                tail.write(old, Math.max(0, old.length - TAIL), Math.min(TAIL, old.length));
            }
            tail.write(bytes, 0, bytes.length);
        }
    }

    /**
     * @param result which streams are asked for
     * @param sink null if the log was taken before
     */
    public Capture(Limits limits, Workload.Result result, @Nullable LogSink sink) {
        this.limits = limits;
        this.sink = sink;
        // One byte more than the result may have tells that it has too many.
        long most = limits.maxOutputBytes() + 1;
        kept.put(Stream.STDOUT, new Kept(result.wantsStdout(0) ? most : 0));
        kept.put(Stream.STDERR, new Kept(result.wantsStderr(0) ? most : 0));
    }

    /** Bytes that are known already, by their offset, are left out. */
    public void take(Stream stream, long offset, byte[] bytes) {
        Kept of = of(stream);
        long known = of.total - offset;
        if (known >= bytes.length) {
            return;
        }
        byte[] fresh = known <= 0 ? bytes : Arrays.copyOfRange(bytes, (int) known, bytes.length);
        long at = of.total;
        of.add(fresh);
        if (sink != null) {
            sink.write(stream, at, fresh);
        }
    }

    /** Whether nothing of what is still to come would be kept anywhere, but for tails. */
    public boolean isFull() {
        boolean logged =
                sink == null || total(Stream.STDOUT) + total(Stream.STDERR) > limits.maxLogBytes();
        return logged && kept.values().stream().allMatch(one -> one.head.size() >= one.headLimit);
    }

    /** What was taken is {@linkplain #isFull full}: from here on only tails are wanted. */
    public void tail(Stream stream, byte[] bytes) {
        of(stream).tail.write(bytes, 0, bytes.length);
    }

    /** How many bytes were taken, in whole. */
    public long total(Stream stream) {
        return of(stream).total;
    }

    /** The beginning of what is asked for: at most one byte more than the output's limit. */
    public byte[] head(Stream stream) {
        return of(stream).head.toByteArray();
    }

    /** The last {@value #TAIL} bytes, for people. */
    public String tailText(Stream stream) {
        byte[] all = of(stream).tail.toByteArray();
        int from = Math.max(0, all.length - TAIL);
        return new String(all, from, all.length - from, StandardCharsets.UTF_8);
    }

    private Kept of(Stream stream) {
        return Objects.requireNonNull(kept.get(stream));
    }
}
