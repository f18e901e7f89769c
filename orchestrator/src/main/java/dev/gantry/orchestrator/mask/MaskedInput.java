package dev.gantry.orchestrator.mask;

import java.io.IOException;
import java.io.InputStream;
import java.util.Objects;

/** A file with stars in place of secrets, as long as it was. */
final class MaskedInput extends InputStream {
    private static final int CHUNK = 64 << 10;

    private final InputStream from;
    private final MaskedStream masked;
    private byte[] ready = new byte[0];
    private int at;
    private long read;
    private boolean ended;

    MaskedInput(InputStream from, MaskedStream masked) {
        this.from = from;
        this.masked = masked;
    }

    @Override
    public int read() throws IOException {
        return fill() ? ready[at++] & 0xff : -1;
    }

    @Override
    public int read(byte[] into, int offset, int most) throws IOException {
        Objects.checkFromIndexSize(offset, most, into.length);
        if (most == 0) {
            return 0;
        }
        if (!fill()) {
            return -1;
        }
        int count = Math.min(most, ready.length - at);
        System.arraycopy(ready, at, into, offset, count);
        at += count;
        return count;
    }

    private boolean fill() throws IOException {
        while (at == ready.length && !ended) {
            byte[] chunk = from.readNBytes(CHUNK);
            if (chunk.length == 0) {
                ended = true;
                masked.end(this::take);
            } else {
                masked.write(read, chunk, this::take);
                read += chunk.length;
            }
        }
        return at < ready.length;
    }

    private void take(long offset, byte[] bytes) {
        ready = bytes;
        at = 0;
    }

    @Override
    public void close() throws IOException {
        from.close();
    }
}
