package dev.gantry.adapter.docker;

import dev.gantry.spi.LogSink.Stream;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.EnumMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * What a container prints, on its way to one who may be slow. It holds little, and the engine does
 * not wait: two seconds after a container's end it drops what nobody has taken, from its own log
 * too. So what finds no room for a moment is counted and dropped here, and has to be had from the
 * log.
 */
final class Feed {
    private static final int MOST_BYTES = 1 << 20;

    /** For a few pieces in a row this is well below the engine's two seconds. */
    private static final long PATIENCE_MILLIS = 300;

    record Piece(Stream stream, long offset, byte[] bytes) {}

    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private final ArrayDeque<Piece> pieces = new ArrayDeque<>();
    private final Map<Stream, Long> totals = new EnumMap<>(Stream.class);
    private final Map<Stream, Byte> last = new EnumMap<>(Stream.class);
    private final boolean isWhole;
    private int held;
    private boolean isBehind;
    private boolean isOver;
    private @Nullable IOException failure;

    /**
     * @param isWhole whether it begins with the container; else nothing is handed on, and only the
     *     end is known
     */
    Feed(boolean isWhole) {
        this.isWhole = isWhole;
        this.isBehind = !isWhole;
    }

    /** Takes everything in until the container has ended. */
    void receive(Attachment attachment) {
        IOException broken = null;
        try {
            attachment.receive(this::take);
        } catch (IOException e) {
            broken = e;
        }
        lock.lock();
        try {
            failure = broken;
            isOver = true;
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    private void take(Stream stream, byte[] bytes) throws IOException {
        if (bytes.length == 0) {
            return;
        }
        lock.lock();
        try {
            long left = TimeUnit.MILLISECONDS.toNanos(PATIENCE_MILLIS);
            while (!isBehind && held > MOST_BYTES) {
                if (left <= 0) {
                    isBehind = true;
                } else {
                    left = changed.awaitNanos(left);
                }
            }
            long offset = total(stream);
            totals.put(stream, offset + bytes.length);
            last.put(stream, bytes[bytes.length - 1]);
            if (!isBehind) {
                pieces.add(new Piece(stream, offset, bytes));
                held += bytes.length;
            }
            changed.signalAll();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted", e);
        } finally {
            lock.unlock();
        }
    }

    /** The next piece; null when there are no more: see {@link #isComplete}. */
    @Nullable Piece next() throws InterruptedException {
        lock.lock();
        try {
            while (pieces.isEmpty() && !isOver && !isBehind) {
                changed.await();
            }
            Piece piece = pieces.poll();
            if (piece != null) {
                held -= piece.bytes().length;
                changed.signalAll();
            }
            return piece;
        } finally {
            lock.unlock();
        }
    }

    /** Whether every byte was handed on, from the first to the last. */
    boolean isComplete() {
        lock.lock();
        try {
            return isOver && !isBehind && failure == null && pieces.isEmpty();
        } finally {
            lock.unlock();
        }
    }

    /**
     * How many bytes the stream had; null as long as that is not known. To be asked when the
     * container has ended.
     */
    @Nullable Long length(Stream stream) {
        lock.lock();
        try {
            awaitOver();
            return (isWhole && isOver && failure == null) ? total(stream) : null;
        } finally {
            lock.unlock();
        }
    }

    /** Whether the stream's last byte ends a line; null if that is not known. */
    @Nullable Boolean endsLine(Stream stream) {
        lock.lock();
        try {
            awaitOver();
            Byte end = last.get(stream);
            return (isOver && failure == null && end != null) ? end == '\n' : null;
        } finally {
            lock.unlock();
        }
    }

    /** The engine closes the connection a moment after the end. */
    private void awaitOver() {
        try {
            long left = TimeUnit.SECONDS.toNanos(2);
            while (!isOver && left > 0) {
                left = changed.awaitNanos(left);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private long total(Stream stream) {
        return totals.getOrDefault(stream, 0L);
    }
}
