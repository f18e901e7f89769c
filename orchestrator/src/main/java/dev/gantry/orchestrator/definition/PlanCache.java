package dev.gantry.orchestrator.definition;

import dev.gantry.orchestrator.id.DefinitionRef;
import dev.gantry.orchestrator.id.TenantId;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;

/** Plans by version, up to a bound; versions never change, so nothing becomes stale. */
final class PlanCache<T> {
    private final int bound;
    private final ConcurrentHashMap<Key, T> plans = new ConcurrentHashMap<>();

    private record Key(TenantId tenant, DefinitionRef ref) {}

    PlanCache(int bound) {
        this.bound = bound;
    }

    T get(TenantId tenant, DefinitionRef ref, Supplier<T> compile) {
        Key key = new Key(tenant, ref);
        T known = plans.get(key);
        if (known != null) {
            return known;
        }
        T compiled = compile.get();
        if (plans.size() >= bound) {
            // Rare, and compiling again is cheap: any one may go.
            plans.keySet().stream().findFirst().ifPresent(plans::remove);
        }
        T other = plans.putIfAbsent(key, compiled);
        return other != null ? other : compiled;
    }
}
