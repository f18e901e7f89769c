package dev.gantry.adapter.lambda;

import dev.gantry.spi.Capability;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Stream;

/** A way to begin a function, and what can be promised of it. */
enum Mode {
    /** One request that is answered when the function has ended. Nobody can ask for it again. */
    SYNC(Set.of(Capability.IDEMPOTENT_TEARDOWN, Capability.SCALE_TO_ZERO)),
    /** An event that Lambda keeps; how it ended is told in a queue, to who waits for it. */
    ASYNC(Set.of(Capability.IDEMPOTENT_TEARDOWN, Capability.SCALE_TO_ZERO)),
    /** An execution with a name: whoever has the name can begin, observe and stop it. */
    DURABLE(
            Set.of(
                    Capability.REATTACH,
                    Capability.CANCEL,
                    Capability.IDEMPOTENT_TEARDOWN,
                    Capability.SCALE_TO_ZERO));

    @SuppressWarnings("ImmutableEnumChecker") // Set.of never changes.
    private final Set<Capability> claims;

    Mode(Set<Capability> claims) {
        this.claims = claims;
    }

    /**
     * @param isKept whether there is a store for what has to outlive a process
     */
    Set<Capability> claims(boolean isKept) {
        if (this != ASYNC || !isKept) {
            return claims;
        }
        Set<Capability> more = EnumSet.of(Capability.REATTACH, Capability.PROVISIONS_RESOURCES);
        more.addAll(claims);
        return more;
    }

    /** The word in documents. */
    String label() {
        return name().toLowerCase(Locale.ROOT);
    }

    static List<String> labels() {
        return Stream.of(values()).map(Mode::label).toList();
    }
}
