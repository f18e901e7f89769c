package dev.gantry.spi;

/**
 * Takes a step's log bytes. Calls for one stream come in order, from one thread at a time. A sink
 * may block to slow the adapter down: an adapter holds at most a small, fixed buffer, so that a
 * flood costs time and not heap.
 */
public interface LogSink {
    /**
     * @param offset position of the first byte in the stream, counted from the workload's start, so
     *     that bytes that were delivered before, after a re-attach, are recognised and not stored
     *     twice; a gap is a broken promise of the adapter
     * @param bytes 1 byte to 64 KiB, not reused by the adapter after the call
     */
    void write(Stream stream, long offset, byte[] bytes);

    /**
     * How many bytes of the stream are taken already; an adapter that can seek starts there. For a
     * first run it is 0.
     */
    long position(Stream stream);

    enum Stream {
        STDOUT,
        STDERR
    }
}
