package dev.gantry.orchestrator.execution;

import dev.gantry.orchestrator.id.TenantId;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** Gives the first tenants, and of each the first definitions, metric tags of their own. */
final class MetricTags {
    /** No tenant and no definition can have this name. */
    static final String OTHER = "_other";

    private final MetricSettings settings;
    private final Map<String, Set<String>> definitions = new ConcurrentHashMap<>();

    /**
     * @param definition namespace and name: versions are not told apart
     */
    record Tags(String tenant, String definition) {
        static final Tags NONE = new Tags(OTHER, OTHER);

        boolean isShared() {
            return definition.equals(OTHER);
        }
    }

    MetricTags(MetricSettings settings) {
        this.settings = settings;
    }

    String of(TenantId tenant) {
        Set<String> known = definitions.get(tenant.value());
        if (known == null) {
            synchronized (definitions) {
                if (!definitions.containsKey(tenant.value())
                        && definitions.size() >= settings.tenants()) {
                    return OTHER;
                }
                definitions.computeIfAbsent(tenant.value(), any -> ConcurrentHashMap.newKeySet());
            }
        }
        return tenant.value();
    }

    Tags of(TenantId tenant, String namespace, String name) {
        String tag = of(tenant);
        Set<String> known = definitions.get(tag);
        if (known == null) {
            return Tags.NONE;
        }
        String definition = namespace + "/" + name;
        if (!known.contains(definition)) {
            synchronized (known) {
                if (known.size() >= settings.definitions() && !known.contains(definition)) {
                    return new Tags(tag, OTHER);
                }
                known.add(definition);
            }
        }
        return new Tags(tag, definition);
    }
}
