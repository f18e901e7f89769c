package dev.gantry.adapter.lambda;

import dev.gantry.spi.Attempt;
import java.time.Duration;
import java.time.Instant;

/** One attempt on its way to its function. */
record Call(Attempt attempt, Target target, Clients.Access access, Functions.Facts facts) {

    /** The attempt among those of its installation. */
    String name() {
        return name(attempt.externalName(), attempt.context().attempt());
    }

    /**
     * What looking for figures may take of the step's time, so that it does not run out by that.
     */
    Duration leftOfHalf(Instant began, Instant now) {
        Duration left = attempt.limits().timeout().minus(Duration.between(began, now));
        return left.isNegative() ? Duration.ZERO : left.dividedBy(2);
    }

    static String name(String externalName, int attempt) {
        return externalName + "#" + attempt;
    }
}
