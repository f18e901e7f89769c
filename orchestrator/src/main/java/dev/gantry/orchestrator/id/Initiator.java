package dev.gantry.orchestrator.id;

/**
 * On whose behalf something is done (BR-006); it is in every execution's rows and reaches every
 * step.
 *
 * @param kind whether a person, an API client or the platform itself
 * @param subject its name within the tenant
 */
public record Initiator(Kind kind, String subject) {
    public enum Kind {
        USER,
        CLIENT,
        SYSTEM
    }

    /** Reads {@link #toString()}. */
    public static Initiator parse(String text) {
        int colon = text.indexOf(':');
        if (colon < 1) {
            throw new IllegalArgumentException(
                    "initiator '%s' is not kind:subject".formatted(text));
        }
        return new Initiator(
                Kind.valueOf(text.substring(0, colon).toUpperCase(java.util.Locale.ROOT)),
                text.substring(colon + 1));
    }

    /** {@code user:ann}, {@code client:ci}, {@code system:schedule}. */
    @Override
    public String toString() {
        return kind.name().toLowerCase(java.util.Locale.ROOT) + ":" + subject;
    }
}
