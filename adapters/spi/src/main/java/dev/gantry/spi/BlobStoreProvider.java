package dev.gantry.spi;

import java.util.Map;

/**
 * Makes stores of one kind; found by {@link java.util.ServiceLoader}, and only looked for where one
 * is configured.
 */
public interface BlobStoreProvider {
    /** The scheme of its {@linkplain BlobStore#address addresses}, such as {@code s3}. */
    String scheme();

    /**
     * Calls nobody: a store that cannot be reached is no error here.
     *
     * @param installation whose blobs are kept, part of every name in the store
     * @param settings those under {@code gantry.blobs}, keys in kebab case
     * @throws IllegalArgumentException naming the setting, its value and what is expected, when the
     *     configuration is wrong
     */
    BlobStore create(String installation, Map<String, String> settings);
}
