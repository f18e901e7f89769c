package dev.gantry.adapter.lambda;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.gantry.spi.Attempt;
import dev.gantry.spi.BlobException;
import dev.gantry.spi.BlobName;
import dev.gantry.spi.BlobStore;
import dev.gantry.spi.Failure;
import dev.gantry.spi.Failure.Actor;
import dev.gantry.spi.Failure.Code;
import dev.gantry.spi.Failure.Progress;
import dev.gantry.spi.StoredInput;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Locale;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * What the blob store has of attempts whose ends a queue tells, so that any process can go on with
 * them: that they are there, that their event is sent, and how it ended.
 */
final class Records {
    /** Of a handle: the name under which the attempt has its record. */
    static final String STATE = "record";

    /** A queue's message has at most half of it. */
    private static final int MOST_BYTES = 2 << 20;

    private static final ObjectMapper JSON = new ObjectMapper();

    private final BlobStore blobs;

    /** A record is several blobs: each is written once. They are removed in this order. */
    enum Part {
        /** While there is none, the attempt is gone. */
        HELD,
        ENDED,
        /** Whoever has written it sends the event, and nobody else. */
        BEGUN;

        BlobName of(BlobName record) {
            return new BlobName(
                    record.owner(),
                    record.tenant(),
                    record.executionId(),
                    record.path() + "." + name().toLowerCase(Locale.ROOT));
        }
    }

    Records(BlobStore blobs) {
        this.blobs = blobs;
    }

    static BlobName of(Attempt attempt) {
        return StoredInput.name(LambdaProvider.KIND, attempt);
    }

    static BlobName of(Attempt attempt, int number) {
        BlobName own = of(attempt);
        String path = own.path();
        return new BlobName(
                own.owner(),
                own.tenant(),
                own.executionId(),
                path.substring(0, path.lastIndexOf('.') + 1) + number);
    }

    void hold(BlobName record) throws BlobException {
        blobs.put(Part.HELD.of(record), InputStream.nullInputStream(), 0);
    }

    boolean isHeld(BlobName record) throws BlobException {
        return read(Part.HELD.of(record)) != null;
    }

    /**
     * Whether it is the caller's to send the event. It is nobody's if the attempt was removed
     * meanwhile, and nothing of it stays then.
     */
    boolean begin(BlobName record, Instant now) throws BlobException {
        String content = "%s %s".formatted(now, UUID.randomUUID());
        if (!blobs.claim(Part.BEGUN.of(record), content.getBytes(StandardCharsets.UTF_8))) {
            return false;
        }
        boolean isThere = isHeld(record);
        if (!isThere) {
            takeBack(record);
        }
        return isThere;
    }

    /** When somebody was about to send the event; null if nobody was. */
    @Nullable Instant begun(BlobName record) throws BlobException {
        byte[] content = read(Part.BEGUN.of(record));
        if (content == null) {
            return null;
        }
        String text = new String(content, StandardCharsets.UTF_8);
        try {
            return Instant.parse(text.substring(0, Math.max(0, text.indexOf(' '))));
        } catch (java.time.DateTimeException e) {
            throw unreadable(record, e);
        }
    }

    /** No event was sent. */
    void takeBack(BlobName record) throws BlobException {
        blobs.delete(Part.BEGUN.of(record));
    }

    /** False where there is no attempt that it would be of. */
    boolean end(BlobName record, Completion completion) throws BlobException {
        if (!isHeld(record)) {
            return false;
        }
        try {
            byte[] content = JSON.writeValueAsBytes(completion);
            blobs.put(Part.ENDED.of(record), new ByteArrayInputStream(content), MOST_BYTES);
            boolean isThere = isHeld(record);
            if (!isThere) {
                // Removed meanwhile, and nothing of it stays.
                blobs.delete(Part.ENDED.of(record));
            }
            return isThere;
        } catch (IOException e) {
            throw new IllegalStateException("texts and bytes can always be written as JSON", e);
        }
    }

    @Nullable Completion ended(BlobName record) throws BlobException {
        byte[] content = read(Part.ENDED.of(record));
        try {
            return content == null ? null : JSON.readValue(content, Completion.class);
        } catch (IOException e) {
            throw unreadable(record, e);
        }
    }

    private byte @Nullable [] read(BlobName name) throws BlobException {
        try (InputStream content = blobs.read(name, 0, MOST_BYTES)) {
            return content.readAllBytes();
        } catch (BlobException e) {
            if (e.failure().code().equals(Code.BLOB_NOT_FOUND)) {
                return null;
            }
            throw e;
        } catch (IOException e) {
            throw unreadable(name, e);
        }
    }

    private static BlobException unreadable(BlobName name, Exception e) {
        return new BlobException(
                new Failure(
                        Code.BACKEND_UNAVAILABLE,
                        "blob %s cannot be read: %s".formatted(name, e.getClass().getSimpleName()),
                        Actor.BACKEND,
                        true,
                        Progress.NEVER_STARTED),
                e);
    }
}
