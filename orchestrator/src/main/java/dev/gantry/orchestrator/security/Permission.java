package dev.gantry.orchestrator.security;

import java.util.Locale;

/** What a caller may do, all but one of it within its tenant. None contains another. */
public enum Permission {
    /** Publish, enable, disable and delete definitions. */
    AUTHOR,
    /** Start executions. */
    EXECUTE,
    /** Cancel, suspend, resume, retry and decide. */
    OPERATE,
    /** Look at everything. */
    READ,
    /** Look at the installation: metrics and health of all tenants together. */
    PLATFORM;

    public String label() {
        return name().toLowerCase(Locale.ROOT);
    }

    static Permission of(String label) {
        return valueOf(label.toUpperCase(Locale.ROOT));
    }
}
