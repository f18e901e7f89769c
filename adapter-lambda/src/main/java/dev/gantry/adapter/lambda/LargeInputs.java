package dev.gantry.adapter.lambda;

import dev.gantry.spi.Attempt;
import dev.gantry.spi.BlobException;
import dev.gantry.spi.BlobName;
import dev.gantry.spi.BlobStore;
import dev.gantry.spi.Failure.Progress;
import dev.gantry.spi.ProvisionException;
import dev.gantry.spi.StoredInput;
import java.time.Duration;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Inputs that no event carries: each is stored before the call under a name that is the attempt's,
 * and the event says where it is.
 */
final class LargeInputs {
    /** Of a handle: the name of the input, if it may be stored. */
    static final String STATE = "input";

    private final @Nullable BlobStore blobs;

    LargeInputs(@Nullable BlobStore blobs) {
        this.blobs = blobs;
    }

    /** Whether there is a place for them. */
    boolean areKept() {
        return blobs != null;
    }

    private static BlobName name(Attempt attempt) {
        return StoredInput.name(LambdaProvider.KIND, attempt);
    }

    /**
     * What a handle has to say of the input: its name, if it could be too large. How many bytes the
     * ids beside it will have is not known before the call.
     */
    Map<String, String> state(Call call, int mostEventBytes) {
        return call.target().takesReference() && call.attempt().input().length > mostEventBytes / 2
                ? Map.of(STATE, name(call.attempt()).toString())
                : Map.of();
    }

    /**
     * Refuses what neither an event nor the store takes.
     *
     * @param event with the whole input
     * @param limit who takes how much, with a place for the number
     */
    void require(Call call, byte[] event, int most, String limit) throws ProvisionException {
        if (call.target().takesReference()) {
            // The function would take what is in it for a reference.
            Envelope.requireNoKey(call.attempt().input());
        } else if (event.length > most) {
            throw new ProvisionException(
                    Failures.invalid(
                            "the event has %d bytes, %s: %sset runtime.lambda.largeInput to %s and let the function read the input from where the event says"
                                    .formatted(
                                            event.length,
                                            limit.formatted(most),
                                            areKept()
                                                    ? ""
                                                    : "have a place for large inputs set (gantry.blobs), ",
                                            StoredInput.REFERENCE)));
        }
    }

    /**
     * The event to be sent: the whole one if it is carried, else one that says where the input is.
     *
     * @param ids that are in the event
     * @param link how long the function may need a link; null for none, as each link is another
     */
    byte[] carried(
            Call call, byte[] event, int most, Map<String, String> ids, @Nullable Duration link)
            throws ProvisionException {
        if (event.length <= most) {
            return event;
        }
        try {
            StoredInput stored =
                    StoredInput.put(store(), name(call.attempt()), call.attempt().input(), link);
            return Envelope.referring(ids, stored);
        } catch (BlobException e) {
            throw new ProvisionException(e.failure().of("the input", Progress.NEVER_STARTED), e);
        }
    }

    private BlobStore store() throws BlobException {
        if (blobs == null) {
            throw BlobException.noStore();
        }
        return blobs;
    }
}
