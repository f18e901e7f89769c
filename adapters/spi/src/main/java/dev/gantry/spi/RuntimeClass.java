package dev.gantry.spi;

import java.util.List;
import java.util.Locale;

/** The execution forms of ADR-025; a function names one, a placement policy maps it to adapters. */
public enum RuntimeClass {
    /** Short-lived handlers that a provider invokes, such as AWS Lambda. */
    FAAS,
    /** One process in one container. */
    CONTAINER,
    /** A batch job on a cluster, such as a Kubernetes Job. */
    JOB,
    /** What Gantry does itself; no document names it, and nothing is placed by it. */
    CALL;

    /** Those that documents name and policies place. */
    public static final List<RuntimeClass> PLACED = List.of(FAAS, CONTAINER, JOB);

    /** The name in documents and APIs, such as {@code faas}. */
    public String label() {
        return name().toLowerCase(Locale.ROOT);
    }
}
