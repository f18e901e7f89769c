package dev.gantry.spi;

import java.util.Set;

/**
 * What one adapter instance declares about itself; constant for the life of the instance.
 *
 * @param runtimeClasses the classes that it can serve; not empty
 * @param claims what it can do beyond the mandatory lifecycle
 * @param maxInFlight how many steps it takes at the same time; Gantry queues the rest; at least 1
 */
public record Capabilities(
        Set<RuntimeClass> runtimeClasses, Set<Capability> claims, int maxInFlight) {
    public Capabilities {
        runtimeClasses = Set.copyOf(runtimeClasses);
        claims = Set.copyOf(claims);
        if (runtimeClasses.isEmpty()) {
            throw new IllegalArgumentException("an adapter serves at least one runtime class");
        }
        if (maxInFlight < 1) {
            throw new IllegalArgumentException(
                    "maxInFlight is %d, at least 1 expected".formatted(maxInFlight));
        }
    }

    public boolean can(Capability capability) {
        return claims.contains(capability);
    }
}
