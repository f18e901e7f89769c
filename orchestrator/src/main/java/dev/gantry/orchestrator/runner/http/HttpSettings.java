package dev.gantry.orchestrator.runner.http;

import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * Settings under {@code gantry.adapters.http}.
 *
 * @param connectTimeout for finding the address, for connecting, and for the TLS handshake; each
 * @param maxInFlight calls at the same time; the rest wait
 * @param maxRedirects that one call follows
 * @param sslBundle name of the SSL bundle with the certificates to trust; null for the JVM's
 */
@ConfigurationProperties("gantry.adapters.http")
public record HttpSettings(
        @DefaultValue("5s") Duration connectTimeout,
        @DefaultValue("512") int maxInFlight,
        @DefaultValue("5") int maxRedirects,
        @Nullable String sslBundle) {}
