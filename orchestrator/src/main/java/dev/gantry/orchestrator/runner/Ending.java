package dev.gantry.orchestrator.runner;

import java.util.Locale;

/** How a call of an adapter ended, as its metrics tell it. */
enum Ending {
    SUCCEEDED,
    /** With a failure that the adapter explains. */
    FAILED,
    CANCELLED,
    /** The adapter cannot tell how the attempt ended. */
    UNKNOWN,
    /** The adapter did what the contract does not allow. */
    BROKEN;

    private final String label = name().toLowerCase(Locale.ROOT);

    String label() {
        return label;
    }
}
