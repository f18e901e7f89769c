package dev.gantry.orchestrator.runner.http;

import java.net.URI;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What documents were read as lately, so that not every call fetches its own: 100 of them, for five
 * minutes each. A tenant gets what it fetched itself: an address may be a secret.
 */
final class Recent<T> {
    private static final int MOST = 100;
    private static final Duration KEPT = Duration.ofMinutes(5);

    private final Map<Key, Known<T>> documents =
            new LinkedHashMap<>(16, 0.75f, true) {
                private static final long serialVersionUID = 1L;

                @Override
                protected boolean removeEldestEntry(Map.Entry<Key, Known<T>> eldest) {
                    return size() > MOST;
                }
            };

    private record Key(String tenant, URI uri) {}

    private record Known<T>(T document, long until) {}

    /** Null if it is to be fetched. */
    synchronized @Nullable T get(String tenant, URI uri) {
        Known<T> known = documents.get(new Key(tenant, uri));
        return known == null || System.nanoTime() - known.until() > 0 ? null : known.document();
    }

    synchronized T put(String tenant, URI uri, T document) {
        documents.put(
                new Key(tenant, uri), new Known<>(document, System.nanoTime() + KEPT.toNanos()));
        return document;
    }
}
