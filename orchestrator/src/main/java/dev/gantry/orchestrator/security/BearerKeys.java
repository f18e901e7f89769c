package dev.gantry.orchestrator.security;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.Optional;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;

/**
 * Tells whom a bearer key lets in. Remembers for a short time, so that a request costs no query: a
 * revoked key, or one of a disabled tenant, is refused within {@link #MEMORY}.
 */
@Component
final class BearerKeys {
    static final Duration MEMORY = Duration.ofSeconds(5);
    private static final int MOST = 10_000;
    private static final Pattern FORM = Pattern.compile(ApiKey.FORM);

    private final JdbiApiKeys keys;
    private final Clock clock;
    private final Cache<Hash, Known> known = Caffeine.newBuilder().maximumSize(MOST).build();

    BearerKeys(JdbiApiKeys keys, Clock clock) {
        this.keys = keys;
        this.clock = clock;
    }

    private record Known(Caller caller, Instant until) {}

    /** Never the key itself: a heap dump must not hold it longer than its request. */
    private record Hash(byte[] bytes) {
        @Override
        public boolean equals(@Nullable Object other) {
            return other instanceof Hash(byte[] others) && Arrays.equals(bytes, others);
        }

        @Override
        public int hashCode() {
            return Arrays.hashCode(bytes);
        }
    }

    Optional<Caller> verify(String key) {
        if (!FORM.matcher(key).matches()) {
            return Optional.empty();
        }
        Hash hash = new Hash(ApiKey.hash(key));
        Instant now = clock.instant();
        Known remembered = known.getIfPresent(hash);
        if (remembered != null && now.isBefore(remembered.until())) {
            return Optional.of(remembered.caller());
        }
        return lookUp(hash, now);
    }

    private Optional<Caller> lookUp(Hash hash, Instant now) {
        Optional<JdbiApiKeys.Found> found =
                keys.find(hash.bytes())
                        .filter(key -> key.expires() == null || now.isBefore(key.expires()));
        if (found.isEmpty()) {
            known.invalidate(hash);
            return Optional.empty();
        }
        Instant until = now.plus(MEMORY);
        Instant expires = found.get().expires();
        known.put(
                hash,
                new Known(
                        found.get().caller(),
                        expires != null && expires.isBefore(until) ? expires : until));
        return Optional.of(found.get().caller());
    }
}
