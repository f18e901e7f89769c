package dev.gantry.contract;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gantry.spi.Collector;
import dev.gantry.spi.LogSink.Stream;
import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Predicate;

/** Takes what an attempt left and compares files with {@link LogPattern} as they come. */
final class RecordingCollector extends RecordingSink implements Collector {
    private static final int BUFFER = 64 * 1024;

    private final Map<String, Long> stored = new LinkedHashMap<>();
    private Predicate<String> refused = _ -> false;
    private int filesUntilInterruption = Integer.MAX_VALUE;

    RecordingCollector(LogStore logs) {
        super(logs);
    }

    RecordingCollector refusing(String path) {
        refused = path::equals;
        return this;
    }

    /** Breaks off in the middle of the file after this many whole ones, once. */
    RecordingCollector interruptedAfter(int files) {
        filesUntilInterruption = files;
        return this;
    }

    Map<String, Long> files() {
        return new TreeMap<>(stored);
    }

    @Override
    public boolean wants(String path, long sizeBytes) {
        return !stored.containsKey(path) && !refused.test(path);
    }

    @Override
    public void artifact(String path, long sizeBytes, InputStream content) throws IOException {
        assertThat(path).as("path relative to the output folder").doesNotStartWith("/");
        assertThat(path.split("/")).as("parts of the path").doesNotContain("..", ".", "");
        assertThat(wants(path, sizeBytes)).as("'%s' was asked for before it came", path).isTrue();
        if (filesUntilInterruption-- == 0) {
            content.readNBytes((int) Math.min(sizeBytes / 2, BUFFER));
            throw new IOException("interrupted by the kit");
        }
        long read = compareWithPattern(path, content);
        assertThat(read).as("bytes of '%s', announced as %d", path, sizeBytes).isEqualTo(sizeBytes);
        stored.put(path, read);
    }

    private static long compareWithPattern(String path, InputStream content) throws IOException {
        long read = 0;
        while (true) {
            byte[] part = content.readNBytes(BUFFER);
            if (part.length == 0) {
                return read;
            }
            if (!Arrays.equals(part, LogPattern.bytes(Stream.STDOUT, read, part.length))) {
                throw new AssertionError(
                        "'%s' has other content after byte %d".formatted(path, read));
            }
            read += part.length;
        }
    }
}
