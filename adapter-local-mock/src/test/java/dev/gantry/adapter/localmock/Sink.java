package dev.gantry.adapter.localmock;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.gantry.spi.Collector;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** Keeps what comes. */
final class Sink implements Collector {
    private final ByteArrayOutputStream stdout = new ByteArrayOutputStream();
    private final ByteArrayOutputStream stderr = new ByteArrayOutputStream();
    private final Map<String, String> files = new ConcurrentHashMap<>();

    private ByteArrayOutputStream of(Stream stream) {
        return stream == Stream.STDOUT ? stdout : stderr;
    }

    String text(Stream stream) {
        return of(stream).toString(UTF_8);
    }

    Map<String, String> files() {
        return files;
    }

    @Override
    public void write(Stream stream, long offset, byte[] bytes) {
        int known = Math.toIntExact(of(stream).size() - offset);
        of(stream).write(bytes, known, bytes.length - known);
    }

    @Override
    public long position(Stream stream) {
        return of(stream).size();
    }

    @Override
    public boolean wants(String path, long sizeBytes) {
        return !files.containsKey(path);
    }

    @Override
    public void artifact(String path, long sizeBytes, InputStream content) throws IOException {
        files.put(path, new String(content.readAllBytes(), UTF_8));
    }
}
