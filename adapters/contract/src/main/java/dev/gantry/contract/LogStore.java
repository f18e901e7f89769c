package dev.gantry.contract;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gantry.spi.LogSink.Stream;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.zip.CRC32C;

/**
 * What Gantry has stored of one attempt's logs. It outlives the sinks that fill it, holds no log
 * byte itself, and notes every broken promise about them.
 */
final class LogStore {
    private static final int MAX_CHUNK = 64 * 1024;

    private final boolean patterned;
    private final Map<Stream, Stored> streams = new EnumMap<>(Stream.class);
    private final List<String> violations = new ArrayList<>();

    /** Takes logs of any content. */
    LogStore() {
        this(false);
    }

    private LogStore(boolean patterned) {
        this.patterned = patterned;
        for (Stream stream : Stream.values()) {
            streams.put(stream, new Stored());
        }
    }

    /** Expects {@link LogPattern} on both streams. */
    static LogStore ofPattern() {
        return new LogStore(true);
    }

    RecordingSink sink() {
        return new RecordingSink(this);
    }

    synchronized long position(Stream stream) {
        return stored(stream).position;
    }

    synchronized void take(Stream stream, long offset, byte[] bytes) {
        Stored stored = stored(stream);
        if (bytes.length < 1 || bytes.length > MAX_CHUNK) {
            violate(
                    "%s: %d bytes in one call, 1 to 65,536 expected"
                            .formatted(stream, bytes.length));
        }
        if (offset > stored.position) {
            violate(
                    "%s: gap, bytes %d to %d are missing"
                            .formatted(stream, stored.position, offset - 1));
        }
        if (patterned && !Arrays.equals(bytes, LogPattern.bytes(stream, offset, bytes.length))) {
            violate(
                    "%s: other bytes at offset %d than the workload printed there"
                            .formatted(stream, offset));
        }
        int known = Math.clamp(stored.position - offset, 0, bytes.length);
        stored.checksum.update(bytes, known, bytes.length - known);
        stored.position = Math.max(stored.position, offset + bytes.length);
    }

    synchronized void violate(String violation) {
        // One defect violates at every chunk of a flood.
        if (violations.size() < 20) {
            violations.add(violation);
        }
    }

    private Stored stored(Stream stream) {
        Stored stored = streams.get(stream);
        if (stored == null) {
            throw new IllegalStateException("no stream " + stream);
        }
        return stored;
    }

    synchronized void assertNoViolation() {
        assertThat(violations).as("broken promises about logs").isEmpty();
    }

    /** Every byte that the workload printed is there, once. */
    synchronized void assertComplete(long stdoutBytes, long stderrBytes) {
        assertNoViolation();
        assertStream(Stream.STDOUT, stdoutBytes);
        assertStream(Stream.STDERR, stderrBytes);
    }

    /** The stream has exactly these bytes. */
    synchronized void assertIs(Stream stream, byte[] bytes) {
        assertNoViolation();
        CRC32C checksum = new CRC32C();
        checksum.update(bytes);
        assertThat(stored(stream).position).as("bytes of %s", stream).isEqualTo(bytes.length);
        assertThat(stored(stream).checksum.getValue())
                .as("CRC-32C of %s", stream)
                .isEqualTo(checksum.getValue());
    }

    private void assertStream(Stream stream, long bytes) {
        assertThat(stored(stream).position).as("bytes of %s", stream).isEqualTo(bytes);
        assertThat(stored(stream).checksum.getValue())
                .as("CRC-32C of %s", stream)
                .isEqualTo(checksumOfPattern(stream, bytes));
    }

    private static long checksumOfPattern(Stream stream, long bytes) {
        CRC32C checksum = new CRC32C();
        for (long offset = 0; offset < bytes; offset += MAX_CHUNK) {
            int count = (int) Math.min(MAX_CHUNK, bytes - offset);
            checksum.update(LogPattern.bytes(stream, offset, count));
        }
        return checksum.getValue();
    }

    private static final class Stored {
        long position;
        final CRC32C checksum = new CRC32C();
    }
}
