package dev.gantry.orchestrator.mask;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import java.util.Set;
import java.util.function.Function;

/** Masks that were made lately: an attempt of each step asks for the same one. */
final class Masks {
    private static final int MOST = 256;

    /** Of about 22 bytes each. */
    private static final int MOST_NODES = 2_000_000;

    private static final Cache<Set<String>, Mask> KNOWN =
            Caffeine.newBuilder()
                    .maximumWeight(MOST_NODES)
                    .weigher((Set<String> _, Mask mask) -> weight(mask))
                    .build();

    private Masks() {}

    static Mask get(Set<String> secrets, Function<Set<String>, Mask> maker) {
        Mask known = KNOWN.getIfPresent(secrets);
        return known != null ? known : KNOWN.get(Set.copyOf(secrets), maker);
    }

    /** So that there are never more than {@link #MOST}, and the largest fits too. */
    private static int weight(Mask mask) {
        return Math.clamp(mask.size(), MOST_NODES / MOST, MOST_NODES);
    }
}
