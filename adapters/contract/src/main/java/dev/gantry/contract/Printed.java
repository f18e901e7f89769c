package dev.gantry.contract;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.gantry.spi.Collector;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.EnumMap;
import java.util.Map;
import java.util.TreeMap;

/** Takes everything that a step prints and leaves, each byte once. */
public class Printed implements Collector {
    private final Map<Stream, ByteArrayOutputStream> streams = new EnumMap<>(Stream.class);
    private final Map<String, byte[]> files = new TreeMap<>();

    @Override
    public synchronized void write(Stream stream, long offset, byte[] bytes) {
        ByteArrayOutputStream known = of(stream);
        int skip = Math.toIntExact(known.size() - offset);
        if (skip < 0) {
            throw new IllegalStateException("%s: a gap of %d bytes".formatted(stream, -skip));
        }
        if (skip < bytes.length) {
            known.write(bytes, skip, bytes.length - skip);
        }
    }

    @Override
    public synchronized long position(Stream stream) {
        return of(stream).size();
    }

    public final synchronized byte[] bytes(Stream stream) {
        return of(stream).toByteArray();
    }

    public final String text(Stream stream) {
        return new String(bytes(stream), UTF_8);
    }

    private ByteArrayOutputStream of(Stream stream) {
        return streams.computeIfAbsent(stream, _ -> new ByteArrayOutputStream());
    }

    @Override
    public boolean wants(String path, long sizeBytes) {
        return true;
    }

    @Override
    public final synchronized void artifact(String path, long sizeBytes, InputStream content)
            throws IOException {
        files.put(path, content.readAllBytes());
    }

    /** By their paths. */
    public final synchronized Map<String, byte[]> files() {
        return files;
    }
}
