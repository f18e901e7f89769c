package dev.gantry.spi;

import java.util.Locale;

/** The execution forms of ADR-025; a function names one, a placement policy maps it to adapters. */
public enum RuntimeClass {
    /** Short-lived handlers that a provider invokes, such as AWS Lambda. */
    FAAS,
    /** One process in one container. */
    CONTAINER,
    /** A batch job on a cluster, such as a Kubernetes Job. */
    JOB;

    /** The name in documents and APIs: {@code faas}, {@code container} or {@code job}. */
    public String label() {
        return name().toLowerCase(Locale.ROOT);
    }
}
