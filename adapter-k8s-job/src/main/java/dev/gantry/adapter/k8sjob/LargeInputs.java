package dev.gantry.adapter.k8sjob;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.gantry.process.Refusal;
import dev.gantry.spi.Attempt;
import dev.gantry.spi.BlobException;
import dev.gantry.spi.BlobName;
import dev.gantry.spi.BlobStore;
import dev.gantry.spi.Failure.Progress;
import dev.gantry.spi.ProvisionException;
import dev.gantry.spi.StoredInput;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Inputs that are too much for a Secret: each is stored once its Job is there, which says so, and
 * goes before its Job does; the Secret says where it is.
 */
final class LargeInputs {
    /** A Secret may have it twice, beside script and variables. */
    static final int MOST_CARRIED = 256 << 10;

    /** A pod may wait long for a node; what its step does not want any more is removed anyway. */
    private static final Duration LINK = Duration.ofDays(7);

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final byte[] NOTHING = "{}".getBytes(StandardCharsets.US_ASCII);

    private final @Nullable BlobStore blobs;

    LargeInputs(@Nullable BlobStore blobs) {
        this.blobs = blobs;
    }

    /** Whether there is a place for them. */
    boolean areKept() {
        return blobs != null;
    }

    /** The name under which the input is stored; null if the Secret carries it. */
    @Nullable BlobName name(Attempt attempt, JobPlan plan) throws ProvisionException {
        if (!plan.takesReference()) {
            return null;
        }
        // The process would take what is in it for a reference.
        refuseKey(attempt.input());
        return attempt.input().length > MOST_CARRIED
                ? StoredInput.name(K8sJobProvider.KIND, attempt)
                : null;
    }

    private static void refuseKey(byte[] input) throws ProvisionException {
        try {
            JsonNode json = JSON.readTree(input);
            if (json.has(StoredInput.KEY)) {
                throw new ProvisionException(
                        Refusal.invalid(
                                "the input has a member '%s', which is Gantry's own: name it otherwise"
                                        .formatted(StoredInput.KEY)));
            }
        } catch (IOException e) {
            throw new ProvisionException(Refusal.invalid("the input is not JSON"), e);
        }
    }

    /** The attempt with as small an input as the one that it is given. */
    static Attempt withoutInput(Attempt attempt) {
        return with(attempt, NOTHING);
    }

    /** The attempt as its process sees it; its input is stored. */
    Attempt stored(Attempt attempt, BlobName name) throws ProvisionException {
        try {
            StoredInput stored = StoredInput.put(store(), name, attempt.input(), LINK);
            String given =
                    Json.write(
                            Map.of(StoredInput.KEY, Map.of(StoredInput.MEMBER, stored.members())));
            return with(attempt, given.getBytes(StandardCharsets.UTF_8));
        } catch (BlobException e) {
            throw new ProvisionException(e.failure().of("the input", Progress.NEVER_STARTED), e);
        }
    }

    private static Attempt with(Attempt attempt, byte[] input) {
        return new Attempt(
                attempt.context(),
                attempt.externalName(),
                attempt.runtimeClass(),
                attempt.workload(),
                input,
                attempt.limits(),
                attempt.secrets());
    }

    /** Does nothing where there is none. */
    void remove(JobRef ref) throws BlobException {
        if (ref.input() != null) {
            store().delete(BlobName.parse(ref.input()));
        }
    }

    private BlobStore store() throws BlobException {
        if (blobs == null) {
            throw BlobException.noStore();
        }
        return blobs;
    }
}
