package dev.gantry.orchestrator.runner;

import dev.gantry.orchestrator.installation.StartRefused;
import dev.gantry.spi.BlobStore;
import dev.gantry.spi.BlobStoreProvider;
import java.util.List;
import java.util.Map;
import java.util.ServiceConfigurationError;
import java.util.ServiceLoader;
import org.jspecify.annotations.Nullable;

/**
 * The place for payloads that backends do not carry, where one is configured; else nothing is
 * looked for.
 */
record Blobs(@Nullable BlobStore store) implements AutoCloseable {
    private static final String BUCKET = "bucket";

    /**
     * @throws StartRefused if nothing can be made of the settings
     */
    static Blobs of(String installation, Map<String, String> settings) {
        if (!settings.containsKey(BUCKET)) {
            if (settings.containsKey("region") || settings.containsKey("endpoint")) {
                throw new StartRefused(
                        "There are settings under gantry.blobs, and no gantry.blobs.bucket.",
                        "Set gantry.blobs.bucket, or take the others away.");
            }
            return new Blobs(null);
        }
        try {
            return new Blobs(only().create(installation, settings));
        } catch (IllegalArgumentException e) {
            throw new StartRefused(
                    "The blob store does not take its settings: " + e.getMessage(),
                    "Correct the setting under gantry.blobs.",
                    e);
        }
    }

    private static BlobStoreProvider only() {
        try {
            List<BlobStoreProvider> found =
                    ServiceLoader.load(BlobStoreProvider.class, Blobs.class.getClassLoader())
                            .stream()
                            .map(ServiceLoader.Provider::get)
                            .toList();
            if (found.size() != 1) {
                throw new StartRefused(
                        "gantry.blobs.bucket is set, and there are %d providers of blob stores: %s."
                                .formatted(
                                        found.size(),
                                        found.stream().map(BlobStoreProvider::scheme).toList()),
                        "Have exactly one of them on the class path, such as gantry-provider-aws.");
            }
            return found.getFirst();
        } catch (ServiceConfigurationError e) {
            throw new StartRefused(
                    "A provider of blob stores can not be loaded: " + e,
                    "Correct the provider, or build it for this version of Gantry.",
                    e);
        }
    }

    @Override
    public void close() {
        if (store != null) {
            store.close();
        }
    }
}
