package dev.gantry.orchestrator.runner.egress;

import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * Settings under {@code gantry.egress}.
 *
 * @param allow addresses, CIDR blocks and host names that may be reached although they are not
 *     public; each with or without a port
 * @param allowLoopback whether this machine may be reached; null for what the mode says: dev mode
 *     allows it
 * @param ports that may be reached; empty for all
 */
@ConfigurationProperties(value = "gantry.egress", ignoreUnknownFields = false)
public record EgressSettings(
        @DefaultValue List<String> allow,
        @Nullable Boolean allowLoopback,
        @DefaultValue List<Integer> ports) {
    public EgressSettings {
        allow = List.copyOf(allow);
        ports = List.copyOf(ports);
    }
}
