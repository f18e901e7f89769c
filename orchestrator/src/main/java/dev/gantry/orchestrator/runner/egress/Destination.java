package dev.gantry.orchestrator.runner.egress;

import java.net.InetAddress;
import org.jspecify.annotations.Nullable;

/**
 * Where a request goes to.
 *
 * @param host lower case, without brackets and without a dot at its end
 * @param literal the address, if the host is one
 */
public record Destination(boolean secure, String host, int port, @Nullable InetAddress literal) {
    public String scheme() {
        return secure ? "https" : "http";
    }

    /** Whether both are one origin, so that credentials for one may be shown to the other. */
    public boolean isSameOriginAs(Destination other) {
        return secure == other.secure && host.equals(other.host) && port == other.port;
    }
}
