package dev.gantry.spi;

import java.io.InputStream;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Keeps payloads that are too large for where they would have to go. It is one for all nodes of an
 * installation, and holds nothing of another one.
 *
 * <p>Every method may be called from any thread, blocks, and may be repeated after a failure; no
 * monitor is to be held over it. No content appears in a message.
 */
public interface BlobStore extends AutoCloseable {

    /**
     * @param bytes how many there are
     * @param sha256 of them, in lower-case hexadecimal digits
     */
    record Stored(long bytes, String sha256) {}

    /**
     * Lets whoever has it read or write one blob, without rights of his own.
     *
     * @param headers that a request must have, beside {@code Host}
     * @param until when it ends at the latest; a store whose own credentials end earlier takes it
     *     no longer than these
     */
    record Link(URI uri, Map<String, String> headers, Instant until) {
        public Link {
            headers = Map.copyOf(headers);
        }

        /** Without what makes it valid. */
        @Override
        public String toString() {
            return "Link[until %s]".formatted(until);
        }
    }

    /**
     * @param storedAt by the store's clock
     */
    record Listed(BlobName name, long bytes, Instant storedAt) {}

    /**
     * @param next where the next page begins; null if this is the last
     */
    record Page(List<Listed> blobs, @Nullable String next) {
        public Page {
            blobs = List.copyOf(blobs);
        }
    }

    /** Where the blob is for who has rights of his own, such as {@code s3://bucket/key}. */
    URI address(BlobName name);

    /**
     * Stores all that the stream has, in place of what has the name. There is nothing new under it
     * before all is there. Reads the stream to its end and does not close it.
     *
     * @param mostBytes with more, nothing is stored and the call is refused with {@code
     *     BLOB_TOO_LARGE}
     */
    Stored put(BlobName name, InputStream content, long mostBytes) throws BlobException;

    /**
     * Stores a short content unless something has the name already: of all who do it at the same
     * time, one stores.
     *
     * @param content unlike anybody else's, so that who lost the reply knows its own again
     * @return whether it is this content that has the name now
     */
    boolean claim(BlobName name, byte[] content) throws BlobException;

    /**
     * Opens a part of a blob; it ends where the blob ends. The caller closes it.
     *
     * @param from the first byte that is wanted, from 0
     * @param bytes how many are wanted, at least 1
     * @throws BlobException with {@code BLOB_NOT_FOUND} if there is none
     */
    InputStream read(BlobName name, long from, long bytes) throws BlobException;

    /** Does nothing where there is none. */
    void delete(BlobName name) throws BlobException;

    /**
     * @param validFor cut to what the store takes at most, see {@link Link#until}
     */
    Link linkToRead(BlobName name, Duration validFor) throws BlobException;

    /** For one blob, of any size: a store cannot be told a limit. */
    Link linkToWrite(BlobName name, Duration validFor) throws BlobException;

    /**
     * What an owner has, in the order of names. What has no name of the form of {@link BlobName} is
     * left out.
     *
     * @param after a page's {@code next}, or null to begin
     * @param most how many at most, 1 to 1,000
     */
    Page list(String owner, @Nullable String after, int most) throws BlobException;

    /** Closes connections. */
    @Override
    void close();
}
