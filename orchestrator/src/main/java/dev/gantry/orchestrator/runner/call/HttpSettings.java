package dev.gantry.orchestrator.runner.call;

import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * Settings under {@code gantry.adapters.http}.
 *
 * @param enabled whether there is an http adapter at all
 * @param connectTimeout for finding the address, for connecting, and for the TLS handshake; each
 * @param maxInFlight calls at the same time; the rest wait
 * @param maxRedirects that one call follows
 * @param correlationHeader that every call has with the execution's correlation id; empty for none
 * @param sslBundle name of the SSL bundle with the certificates to trust; null for the JVM's
 */
@ConfigurationProperties(value = "gantry.adapters.http", ignoreUnknownFields = false)
public record HttpSettings(
        @DefaultValue("true") boolean enabled,
        @DefaultValue("5s") Duration connectTimeout,
        @DefaultValue("512") int maxInFlight,
        @DefaultValue("5") int maxRedirects,
        @DefaultValue("X-Correlation-Id") String correlationHeader,
        @Nullable String sslBundle) {
    public HttpSettings {
        if (!correlationHeader.matches("[A-Za-z0-9-]{0,100}")) {
            throw new IllegalArgumentException(
                    "gantry.adapters.http.correlation-header '%s' is no name of a header"
                            .formatted(correlationHeader));
        }
    }
}
