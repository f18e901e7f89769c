package dev.gantry.adapter.lambda;

import dev.gantry.spi.Collector;
import java.io.ByteArrayOutputStream;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;

/** Takes everything, each byte once. */
final class Printed implements Collector {
    private final ByteArrayOutputStream known = new ByteArrayOutputStream();

    @Override
    public synchronized void write(Stream stream, long offset, byte[] bytes) {
        int skip = Math.toIntExact(known.size() - offset);
        if (stream != Stream.STDOUT || skip < 0) {
            throw new IllegalStateException("%s: a gap of %d bytes".formatted(stream, -skip));
        }
        if (skip < bytes.length) {
            known.write(bytes, skip, bytes.length - skip);
        }
    }

    @Override
    public synchronized long position(Stream stream) {
        return stream == Stream.STDOUT ? known.size() : 0;
    }

    synchronized String text() {
        return known.toString(StandardCharsets.UTF_8);
    }

    @Override
    public boolean wants(String path, long sizeBytes) {
        return false;
    }

    @Override
    public void artifact(String path, long sizeBytes, InputStream content) {}
}
