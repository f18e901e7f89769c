package dev.gantry.orchestrator.runner;

import dev.gantry.orchestrator.installation.StartRefused;
import dev.gantry.orchestrator.runner.AdapterDiscovery.Found;
import dev.gantry.spi.BlobStore;
import dev.gantry.spi.Capabilities;
import dev.gantry.spi.RunnerAdapter;
import dev.gantry.spi.RunnerAdapterProvider.AdapterContext;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The adapters of this node, made from the providers that were found; one of each kind. */
final class AdapterSet implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(AdapterSet.class);
    private static final Pattern KIND = Pattern.compile("[a-z][a-z0-9-]*");

    private final Map<String, RunnerAdapter> adapters = new LinkedHashMap<>();

    /**
     * @param blobs what the adapters are given, and is not closed with them
     * @throws StartRefused if a kind is there twice or an adapter cannot be made
     */
    static AdapterSet make(
            List<Found> found,
            String installation,
            Function<String, KindSettings> settings,
            @Nullable BlobStore blobs) {
        AdapterSet set = new AdapterSet();
        try {
            byKind(found)
                    .forEach((kind, one) -> {
                        KindSettings own = settings.apply(kind);
                        if (!own.enabled()) {
                            log.info("adapter {} from {} is not enabled", kind, one.origin());
                        } else if (own.flat().isEmpty() && one.provider().needsSettings()) {
                            log.info("adapter {} from {} has no settings", kind, one.origin());
                        } else {
                            set.add(kind, one, new AdapterContext(installation, own.flat(), blobs));
                        }
                    });
        } catch (RuntimeException e) {
            set.close();
            throw e;
        }
        return set;
    }

    private static Map<String, Found> byKind(List<Found> found) {
        Map<String, Found> byKind = new LinkedHashMap<>();
        for (Found one : found) {
            String kind = one.provider().kind();
            if (!KIND.matcher(kind).matches()) {
                throw new StartRefused(
                        "The adapter kind '%s' of %s is not [a-z][a-z0-9-]*.".formatted(kind, one),
                        "Correct the provider.");
            }
            Found other = byKind.putIfAbsent(kind, one);
            if (other != null) {
                throw new StartRefused(
                        "There are two adapters of kind '%s': %s and %s."
                                .formatted(kind, other, one),
                        "Take one of the jars away; steps would run on either of them by chance.");
            }
        }
        return byKind;
    }

    private void add(String kind, Found found, AdapterContext context) {
        Thread current = Thread.currentThread();
        ClassLoader before = current.getContextClassLoader();
        // Libraries inside the jar look for their parts with the thread's class loader.
        current.setContextClassLoader(found.provider().getClass().getClassLoader());
        try {
            RunnerAdapter adapter = found.provider().create(context);
            Capabilities capabilities = adapter.capabilities();
            adapters.put(kind, adapter);
            log.info(
                    "adapter {} from {}: {}, {} in flight at most",
                    kind,
                    found.origin(),
                    capabilities.runtimeClasses(),
                    capabilities.maxInFlight());
        } catch (IllegalArgumentException e) {
            throw new StartRefused(
                    "The adapter '%s' does not take its settings: %s"
                            .formatted(kind, e.getMessage()),
                    "Correct the setting under gantry.adapters.%s, or set gantry.adapters.%s.enabled to false."
                            .formatted(kind, kind),
                    e);
        } catch (RuntimeException | LinkageError e) {
            throw new StartRefused(
                    "The adapter '%s' of %s can not be made: %s".formatted(kind, found, e),
                    "Correct the adapter, or set gantry.adapters.%s.enabled to false."
                            .formatted(kind),
                    e);
        } finally {
            current.setContextClassLoader(before);
        }
    }

    Map<String, RunnerAdapter> adapters() {
        return adapters;
    }

    @Override
    public void close() {
        List<RunnerAdapter> all = new ArrayList<>(adapters.values());
        for (RunnerAdapter adapter : all.reversed()) {
            try {
                adapter.close();
            } catch (RuntimeException | LinkageError e) {
                log.warn("an adapter did not close", e);
            }
        }
    }
}
