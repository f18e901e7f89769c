package dev.gantry.adapter.lambda;

import dev.gantry.spi.BlobException;
import dev.gantry.spi.BlobName;
import dev.gantry.spi.BlobStore;
import dev.gantry.spi.ExecutionException;
import dev.gantry.spi.Failure.Progress;
import dev.gantry.spi.Handle;
import dev.gantry.spi.OwnedResource;
import dev.gantry.spi.StepContext;
import dev.gantry.spi.TeardownException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * All that attempts have in the blob store. Whoever has an attempt's handle, or only the names
 * there, removes it.
 */
final class AttemptBlobs {
    private static final int PAGE = 1_000;

    /** An input, or a part of a record: external name, step, attempt, part. */
    private static final Pattern PATH =
            Pattern.compile("([^/]+)/([0-9]+)\\.([0-9]+)(\\.(?:held|ended|begun))?");

    private final String installation;
    private final @Nullable BlobStore blobs;
    final LargeInputs inputs;
    final @Nullable Records records;

    AttemptBlobs(String installation, @Nullable BlobStore blobs) {
        this.installation = installation;
        this.blobs = blobs;
        this.inputs = new LargeInputs(blobs);
        this.records = blobs == null ? null : new Records(blobs);
    }

    boolean areKept() {
        return blobs != null;
    }

    void remove(Handle handle) throws TeardownException {
        try {
            String record = handle.state().get(Records.STATE);
            if (record != null) {
                for (Records.Part part : Records.Part.values()) {
                    store().delete(part.of(BlobName.parse(record)));
                }
            }
            String input = handle.state().get(LargeInputs.STATE);
            if (input != null) {
                store().delete(BlobName.parse(input));
            }
        } catch (BlobException e) {
            throw new TeardownException(e.failure().of("what is stored stays", Progress.ENDED), e);
        }
    }

    private BlobStore store() throws BlobException {
        if (blobs == null) {
            throw BlobException.noStore();
        }
        return blobs;
    }

    /** Each attempt that has something there, with what the names say. */
    List<OwnedResource> owned() throws ExecutionException {
        Map<String, OwnedResource> owned = new LinkedHashMap<>();
        if (blobs == null) {
            return List.of();
        }
        try {
            String after = null;
            do {
                BlobStore.Page page = blobs.list(LambdaProvider.KIND, after, PAGE);
                page.blobs().forEach(one -> add(owned, one));
                after = page.next();
            } while (after != null);
            return new ArrayList<>(owned.values());
        } catch (BlobException e) {
            throw new ExecutionException(e.failure(), e);
        }
    }

    /** What has another name than those above says of no step that it is its own. */
    private void add(Map<String, OwnedResource> owned, BlobStore.Listed blob) {
        BlobName name = blob.name();
        Matcher path = PATH.matcher(name.path());
        boolean isNamed = path.matches();
        String part = isNamed ? path.group(4) : null;
        String all = name.toString();
        String attempt = part == null ? all : all.substring(0, all.length() - part.length());
        String externalName = isNamed ? path.group(1) : name.path().split("[/.]", -1)[0];
        OwnedResource other = owned.get(attempt);
        Map<String, String> state =
                new TreeMap<>(other == null ? Map.of() : other.handle().state());
        state.put(part == null ? LargeInputs.STATE : Records.STATE, attempt);
        Map<String, String> labels = new LinkedHashMap<>();
        labels.put(StepContext.LABEL_PREFIX + "installation", installation);
        labels.put(StepContext.LABEL_PREFIX + "tenant", name.tenant());
        labels.put(StepContext.LABEL_PREFIX + "execution", name.executionId());
        if (isNamed) {
            labels.put(StepContext.LABEL_PREFIX + "step", path.group(2));
            labels.put(StepContext.LABEL_PREFIX + "attempt", path.group(3));
        }
        Instant at =
                other == null || blob.storedAt().isAfter(other.createdAt())
                        ? blob.storedAt()
                        : other.createdAt();
        owned.put(
                attempt,
                new OwnedResource(
                        new Handle(LambdaProvider.KIND, LambdaAdapter.VERSION, externalName, state),
                        labels,
                        at));
    }
}
