package dev.gantry.orchestrator.problem;

import dev.gantry.spi.WorkloadProblem;
import java.util.Collection;
import java.util.Optional;

/** Guesses what somebody meant who wrote something else. */
public final class Nearest {
    // Beyond, guessing would take longer than it is worth.
    private static final int MAX_KNOWN = 500;

    private Nearest() {}

    /** {@code ; did you mean 'x'?}, or nothing if no known word is near. */
    public static String hint(String written, Collection<String> known) {
        return among(written, known).map("; did you mean '%s'?"::formatted).orElse("");
    }

    static Optional<String> among(String written, Collection<String> known) {
        return WorkloadProblem.nearest(written, known.stream().limit(MAX_KNOWN).toList());
    }
}
