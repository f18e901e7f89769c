package dev.gantry.orchestrator.runner;

import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Gives the first tenants that it sees a metric tag of their own, and all further ones a common
 * one: every value of a tag costs memory here and in the metrics database, and tenants are not
 * bounded.
 */
final class TenantTags {
    /** No tenant can have this name. */
    static final String OTHER = "_other";

    private final Set<String> known = ConcurrentHashMap.newKeySet();
    private final int most;

    TenantTags(int most) {
        this.most = most;
    }

    String tag(String tenant) {
        if (known.contains(tenant)) {
            return tenant;
        }
        if (known.size() >= most) {
            return OTHER;
        }
        synchronized (this) {
            if (known.size() >= most) {
                return OTHER;
            }
            known.add(tenant);
            return tenant;
        }
    }
}
