package dev.gantry.orchestrator.installation;

import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * Whether this server is one for trying things out on one's own machine.
 *
 * @param token the key that lets its developer in; null for a made one
 * @param clockOffset how far its clock is ahead, to see what happens in a month; databases keep
 *     their own time
 */
@ConfigurationProperties(value = "gantry.dev", ignoreUnknownFields = false)
public record Development(
        @DefaultValue("false") boolean enabled,
        @Nullable String token,
        @DefaultValue("0s") Duration clockOffset) {
    public Development {
        token = token == null || token.isBlank() ? null : token.strip();
    }

    /** Without the token. */
    @Override
    public String toString() {
        return "Development[enabled=%s]".formatted(enabled);
    }
}
