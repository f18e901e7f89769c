package dev.gantry.spi;

import java.time.Instant;
import java.util.Map;

/**
 * Something on the backend that carries this installation's labels.
 *
 * @param handle enough for {@code probe}, {@code cancel} and {@code teardown}
 * @param labels as in {@link StepContext#labels()}
 * @param createdAt by the backend's clock
 */
public record OwnedResource(Handle handle, Map<String, String> labels, Instant createdAt) {
    public OwnedResource {
        labels = Map.copyOf(labels);
    }
}
