package dev.gantry.orchestrator.runner;

import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * Settings under {@code gantry.blobs}: where payloads are kept that backends do not carry. The
 * store checks them.
 *
 * @param bucket without one there is no such place
 * @param region of the bucket
 * @param endpoint instead of the region's own
 * @param pathStyle whether the bucket stands in the path and not before the host's name
 * @param prefix before all names
 * @param sse how the store is asked to encrypt
 * @param kmsKey with which key
 * @param profile of credentials
 */
@ConfigurationProperties(value = "gantry.blobs", ignoreUnknownFields = false)
record BlobSettings(
        @Nullable String bucket,
        @Nullable String region,
        @Nullable String endpoint,
        @DefaultValue("false") boolean pathStyle,
        @DefaultValue("gantry/") String prefix,
        @Nullable String sse,
        @Nullable String kmsKey,
        @Nullable String profile) {

    /** As a store takes them; what has no value is left out. */
    Map<String, String> flat() {
        Map<String, String> flat = new TreeMap<>();
        put(flat, "bucket", bucket);
        put(flat, "region", region);
        put(flat, "endpoint", endpoint);
        put(flat, "path-style", Boolean.toString(pathStyle));
        put(flat, "prefix", prefix);
        put(flat, "sse", sse);
        put(flat, "kms-key", kmsKey);
        put(flat, "profile", profile);
        return flat;
    }

    private static void put(Map<String, String> flat, String name, @Nullable String value) {
        if (value != null && !value.isBlank()) {
            flat.put(name, value.strip());
        }
    }
}
