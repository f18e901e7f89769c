package dev.gantry.orchestrator.id;

import java.util.regex.Pattern;

/**
 * The isolation unit: 1 to 63 characters of {@code [a-z0-9-]}, first and last a letter or digit.
 */
public record TenantId(String value) {
    private static final Pattern FORM = Pattern.compile("[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?");

    public TenantId {
        if (!FORM.matcher(value).matches()) {
            throw new IllegalArgumentException(
                    "tenant id '%s' is not 1 to 63 characters of [a-z0-9-]".formatted(value));
        }
    }

    @Override
    public String toString() {
        return value;
    }
}
