package dev.gantry.orchestrator.execution;

import dev.gantry.orchestrator.mask.Mask;
import dev.gantry.orchestrator.mask.MaskedStream;
import dev.gantry.spi.Collector;
import java.io.IOException;
import java.io.InputStream;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * Takes one attempt's log and files. Bytes that came before are dropped by their offset; a full
 * buffer is written by the adapter's own thread, which slows a flood down to the speed of the
 * store. The attempt's secrets are hidden before anything is kept.
 */
final class AttemptOutput implements Collector {
    private static final int FLUSH_BYTES = 256 * 1024;
    private static final Duration FLUSH_AFTER = Duration.ofMillis(300);

    private final StepOutput store;
    private final StepOutput.Owner owner;
    private final Clock clock;
    private final long maxLogBytes;
    private final long maxArtifactBytes;
    private final boolean resumed;
    private final Mask mask;
    private final Map<Stream, MaskedStream> masked = new EnumMap<>(Stream.class);
    private final ReentrantLock lock = new ReentrantLock();
    private final Map<Stream, Long> positions = new EnumMap<>(Stream.class);
    private final List<StepOutput.Piece> pending = new ArrayList<>();
    private @Nullable Map<String, Long> files;
    private boolean positioned;
    private int pendingBytes;
    private long logBytes;
    private long dropped;
    private long lastSequence;
    private @Nullable Instant oldest;
    private boolean fenced;

    /**
     * @param resumed whether something may be stored already
     */
    AttemptOutput(
            StepOutput store,
            StepOutput.Owner owner,
            Clock clock,
            long maxLogBytes,
            long maxArtifactBytes,
            boolean resumed,
            Mask mask) {
        this.store = store;
        this.owner = owner;
        this.clock = clock;
        this.maxLogBytes = maxLogBytes;
        this.maxArtifactBytes = maxArtifactBytes;
        this.resumed = resumed;
        this.mask = mask;
    }

    @Override
    public long position(Stream stream) {
        lock.lock();
        try {
            locate();
            MaskedStream seen = masked.get(stream);
            return seen != null && seen.hasBegun()
                    ? seen.position()
                    // What is stored may end within a secret: the mask has to see its beginning.
                    : Math.max(0, positions.getOrDefault(stream, 0L) - mask.lookBack());
        } finally {
            lock.unlock();
        }
    }

    /** A first attempt that writes nothing costs no query. */
    private void locate() {
        if (positioned) {
            return;
        }
        positioned = true;
        if (resumed || owner.attempt() > 1) {
            StepOutput.Position position = store.position(owner);
            positions.putAll(position.stored());
            positions.values().forEach(bytes -> logBytes += bytes);
            lastSequence = position.lastSequence();
        }
    }

    @Override
    public void write(Stream stream, long offset, byte[] bytes) {
        lock.lock();
        try {
            locate();
            if (mask.isEmpty()) {
                take(stream, offset, bytes);
            } else {
                masked.computeIfAbsent(stream, any -> mask.stream())
                        .write(offset, bytes, (at, shown) -> take(stream, at, shown));
            }
        } finally {
            lock.unlock();
        }
    }

    private void take(Stream stream, long offset, byte[] bytes) {
        long position = positions.getOrDefault(stream, 0L);
        long end = offset + bytes.length;
        if (end <= position) {
            return;
        }
        byte[] fresh = bytes;
        long start = offset;
        if (offset < position) {
            int known = (int) (position - offset);
            fresh = java.util.Arrays.copyOfRange(bytes, known, bytes.length);
            start = position;
        }
        positions.put(stream, end);
        if (logBytes + fresh.length > maxLogBytes) {
            dropped += fresh.length;
            return;
        }
        logBytes += fresh.length;
        Instant now = clock.instant();
        pending.add(new StepOutput.Piece(stream, start, now, fresh));
        pendingBytes += fresh.length;
        if (oldest == null) {
            oldest = now;
        }
        if (pendingBytes >= FLUSH_BYTES) {
            flushLocked();
        }
    }

    /** Writes what has waited long enough; called regularly by the node. */
    void flushIfDue() {
        lock.lock();
        try {
            if (oldest != null && !clock.instant().isBefore(oldest.plus(FLUSH_AFTER))) {
                flushLocked();
            }
        } finally {
            lock.unlock();
        }
    }

    /** Makes everything durable that was taken; nothing follows it. */
    void flush() {
        lock.lock();
        try {
            masked.forEach((stream, last) -> last.end((at, shown) -> take(stream, at, shown)));
            if (dropped > 0) {
                String note =
                        "\n[gantry: %d bytes over the limit of %d were dropped]\n"
                                .formatted(dropped, maxLogBytes);
                long at = positions.getOrDefault(Stream.STDERR, 0L);
                pending.add(
                        new StepOutput.Piece(
                                Stream.STDERR,
                                at,
                                clock.instant(),
                                note.getBytes(java.nio.charset.StandardCharsets.UTF_8)));
                dropped = 0;
            }
            flushLocked();
        } finally {
            lock.unlock();
        }
    }

    private void flushLocked() {
        if (!pending.isEmpty()) {
            // What comes later is for the shard's owner, who has the same from the backend.
            fenced = fenced || !store.append(owner, lastSequence + 1, pending);
            lastSequence += pending.size();
            pending.clear();
            pendingBytes = 0;
        }
        oldest = null;
    }

    @Override
    public boolean wants(String path, long sizeBytes) {
        Map<String, Long> there = files();
        long total = there.values().stream().mapToLong(Long::longValue).sum();
        return !there.containsKey(mask.text(path)) && total + sizeBytes <= maxArtifactBytes;
    }

    private Map<String, Long> files() {
        Map<String, Long> known = files;
        if (known == null) {
            known = new HashMap<>(store.stored(owner));
            files = known;
        }
        return known;
    }

    @Override
    public void artifact(String path, long sizeBytes, InputStream content) throws IOException {
        String shown = mask.text(path);
        store.artifact(owner, shown, sizeBytes, mask.input(content));
        files().put(shown, sizeBytes);
    }
}
