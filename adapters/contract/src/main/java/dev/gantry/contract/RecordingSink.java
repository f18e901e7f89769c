package dev.gantry.contract;

import dev.gantry.spi.LogSink;
import java.util.Arrays;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * One adapter instance's way into a {@link LogStore}; can be made to block, or cut off by a crash.
 */
class RecordingSink implements LogSink {
    private final LogStore store;
    private final Writes stdout = new Writes();
    private final Writes stderr = new Writes();
    private final CountDownLatch blocked = new CountDownLatch(1);
    private final CountDownLatch released = new CountDownLatch(1);
    private volatile long blockAt = Long.MAX_VALUE;
    private volatile boolean cut;

    RecordingSink(LogStore store) {
        this.store = store;
    }

    /** Takes nothing more once a stream has this many bytes, until {@link #release}. */
    RecordingSink blockingAt(long bytes) {
        blockAt = bytes;
        return this;
    }

    CountDownLatch blocked() {
        return blocked;
    }

    void release() {
        blockAt = Long.MAX_VALUE;
        released.countDown();
    }

    /** From now on nothing reaches the store: the process that had this sink is gone. */
    void cut() {
        cut = true;
        release();
    }

    @Override
    public long position(Stream stream) {
        return store.position(stream);
    }

    @Override
    public void write(Stream stream, long offset, byte[] bytes) {
        Writes writes = stream == Stream.STDOUT ? stdout : stderr;
        if (!writes.busy.compareAndSet(false, true)) {
            store.violate("%s: two threads write at the same time".formatted(stream));
        }
        try {
            waitWhileBlocked(offset + bytes.length);
            if (!writes.lastIsUntouched()) {
                store.violate(
                        "%s: an array was changed after it was handed over".formatted(stream));
            }
            writes.remember(bytes);
            if (!cut) {
                store.take(stream, offset, bytes);
            }
        } finally {
            writes.busy.set(false);
        }
    }

    private void waitWhileBlocked(long end) {
        if (end <= blockAt) {
            return;
        }
        blocked.countDown();
        try {
            released.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while the sink blocked", e);
        }
    }

    private static final class Writes {
        final AtomicBoolean busy = new AtomicBoolean();
        private byte[] last = new byte[0];
        private byte[] copyOfLast = new byte[0];

        void remember(byte[] bytes) {
            last = bytes;
            copyOfLast = bytes.clone();
        }

        boolean lastIsUntouched() {
            return Arrays.equals(last, copyOfLast);
        }
    }
}
