package dev.gantry.spi;

import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Makes adapters of one kind; found by {@link java.util.ServiceLoader}. A jar with a provider on
 * the class path, or in Gantry's folder of adapter jars, is all that a new backend needs.
 */
public interface RunnerAdapterProvider {
    /**
     * The adapter's name in configuration, placement policies and function bindings, such as {@code
     * docker}; {@code [a-z][a-z0-9-]*}. Two providers of one kind fail the start of Gantry.
     */
    String kind();

    /**
     * Whether nothing can be run without settings, such as the address of a cluster. Without any
     * setting such an adapter is left out, as if its jar were not there: no document, placement or
     * list knows of it, and nothing of it is loaded.
     */
    default boolean needsSettings() {
        return false;
    }

    /**
     * @param context the installation, and the settings under {@code gantry.adapters.<kind>}
     * @throws IllegalArgumentException naming the setting, its value and what is expected, when the
     *     configuration is wrong. A backend that cannot be reached is no error here: {@link
     *     RunnerAdapter#health()} tells
     */
    RunnerAdapter create(AdapterContext context);

    /**
     * @param installation id that goes into labels and names, the same for every node and restart
     * @param settings flat, keys in kebab case
     * @param blobs for payloads that the backend does not carry; null where none is configured. It
     *     is not the adapter's to close
     */
    record AdapterContext(
            String installation, Map<String, String> settings, @Nullable BlobStore blobs) {
        public AdapterContext {
            settings = Map.copyOf(settings);
        }

        /** One without a place for large payloads. */
        public AdapterContext(String installation, Map<String, String> settings) {
            this(installation, settings, null);
        }
    }
}
