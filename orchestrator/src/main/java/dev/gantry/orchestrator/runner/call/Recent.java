package dev.gantry.orchestrator.runner.call;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import java.net.URI;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * What documents were read as lately, so that not every call fetches its own: 100 of them, for five
 * minutes each. A tenant gets what it fetched itself: an address may be a secret.
 */
final class Recent<T> {
    private static final int MOST = 100;
    private static final Duration KEPT = Duration.ofMinutes(5);

    private final Cache<Key, T> documents =
            Caffeine.newBuilder().maximumSize(MOST).expireAfterWrite(KEPT).build();

    private record Key(String tenant, URI uri) {}

    /** Null if it is to be fetched. */
    @Nullable T get(String tenant, URI uri) {
        return documents.getIfPresent(new Key(tenant, uri));
    }

    T put(String tenant, URI uri, T document) {
        documents.put(new Key(tenant, uri), document);
        return document;
    }
}
