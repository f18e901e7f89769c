package dev.gantry.spi;

import java.io.ByteArrayInputStream;
import java.net.URI;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A step's input in the blob store, because its backend does not carry it, and what stands in its
 * place: {@code {"_gantry": {"input": {…}}}} with these members, on every backend.
 *
 * @param uri where it is for who has rights of his own
 * @param url a link to read it, or null
 * @param bytes of the input's JSON
 * @param sha256 of them, in lower-case hexadecimal digits
 */
public record StoredInput(URI uri, @Nullable URI url, long bytes, String sha256) {
    /**
     * Of an object in the input's place, and so of no input of a workload that takes references.
     */
    public static final String KEY = "_gantry";

    /** Of that object's value. */
    public static final String MEMBER = "input";

    /** In a document: what is done with an input that is too large. */
    public static final String REFERENCE = "reference";

    /**
     * The same for every process that begins the attempt, so that each finds what another stored.
     *
     * @param owner the kind of the adapter
     */
    public static BlobName name(String owner, Attempt attempt) {
        StepContext context = attempt.context();
        return new BlobName(
                owner,
                context.tenant(),
                context.executionId(),
                "%s/%d.%d".formatted(attempt.externalName(), context.step(), context.attempt()));
    }

    /**
     * @param link for how long whoever has it may read; null for no link, as each is another one
     */
    public static StoredInput put(
            BlobStore store, BlobName name, byte[] input, @Nullable Duration link)
            throws BlobException {
        BlobStore.Stored stored = store.put(name, new ByteArrayInputStream(input), input.length);
        return new StoredInput(
                store.address(name),
                link == null ? null : store.linkToRead(name, link).uri(),
                stored.bytes(),
                stored.sha256());
    }

    /** As they are written in JSON. */
    public Map<String, Object> members() {
        Map<String, Object> members = new LinkedHashMap<>();
        members.put("uri", uri.toString());
        if (url != null) {
            members.put("url", url.toString());
        }
        members.put("bytes", bytes);
        members.put("sha256", sha256);
        return members;
    }

    /** Without the link, which lets whoever has it read. */
    @Override
    public String toString() {
        return "StoredInput[%s, %d bytes]".formatted(uri, bytes);
    }
}
