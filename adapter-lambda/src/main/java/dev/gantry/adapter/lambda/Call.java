package dev.gantry.adapter.lambda;

import dev.gantry.spi.Attempt;

/** One attempt on its way to its function. */
record Call(Attempt attempt, Target target, Clients.Access access, Functions.Facts facts) {

    /** The attempt among those of its installation. */
    String name() {
        return name(attempt.externalName(), attempt.context().attempt());
    }

    static String name(String externalName, int attempt) {
        return externalName + "#" + attempt;
    }
}
