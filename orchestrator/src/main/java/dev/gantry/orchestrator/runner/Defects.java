package dev.gantry.orchestrator.runner;

import dev.gantry.spi.Failure;
import dev.gantry.spi.Failure.Actor;
import dev.gantry.spi.Failure.Progress;

/** What callers see of an exception that the contract does not know. */
final class Defects {
    static final String CODE = "ADAPTER_DEFECT";

    private Defects() {}

    static Failure of(String adapter, Phase phase, Throwable cause, Progress progress) {
        return new Failure(
                CODE,
                // Only the type: a foreign message may hold anything, secrets included.
                "adapter '%s' failed unexpectedly in %s with %s; the log has the details"
                        .formatted(adapter, phase.label(), cause.getClass().getName()),
                Actor.PLATFORM,
                false,
                progress);
    }
}
