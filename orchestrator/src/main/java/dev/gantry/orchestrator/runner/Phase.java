package dev.gantry.orchestrator.runner;

import java.util.EnumSet;
import java.util.Locale;
import java.util.Set;

/** The calls of a {@link dev.gantry.spi.RunnerAdapter} that are observed. */
enum Phase {
    PROVISION,
    RUN,
    REATTACH,
    PROBE,
    CANCEL,
    COLLECT,
    TEARDOWN,
    OWNED,
    HEALTH;

    private final String label = name().toLowerCase(Locale.ROOT);

    /** The name in metrics, spans and log lines. */
    String label() {
        return label;
    }

    /** How a call of this phase can end. */
    Set<Ending> endings() {
        return switch (this) {
            case RUN, REATTACH -> EnumSet.allOf(Ending.class);
            case PROVISION, COLLECT, TEARDOWN, OWNED ->
                    EnumSet.of(Ending.SUCCEEDED, Ending.FAILED, Ending.BROKEN);
            case CANCEL -> EnumSet.of(Ending.SUCCEEDED, Ending.UNKNOWN, Ending.BROKEN);
            case PROBE, HEALTH -> EnumSet.of(Ending.SUCCEEDED, Ending.BROKEN);
        };
    }

    /**
     * Whether its calls belong to an attempt's trace; the others are asked by Gantry for itself.
     */
    boolean isTraced() {
        return switch (this) {
            case PROVISION, RUN, REATTACH, CANCEL, COLLECT, TEARDOWN -> true;
            case PROBE, OWNED, HEALTH -> false;
        };
    }
}
