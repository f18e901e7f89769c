package dev.gantry.adapter.localmock;

import dev.gantry.spi.Attempt;

/** Which attempt of which step something belongs to. */
record Identity(String installation, String name, int attempt, String idempotencyKey) {
    static Identity of(Attempt attempt) {
        return new Identity(
                attempt.context().installation(),
                attempt.externalName(),
                attempt.context().attempt(),
                attempt.context().idempotencyKey());
    }
}
