package dev.gantry.orchestrator.runner.egress;

import java.net.InetAddress;
import java.net.URI;
import java.util.Locale;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Reads the host of a URI, and refuses what different readers would read differently. */
final class Hosts {
    private static final Pattern NAME = Pattern.compile("[a-z0-9_]([a-z0-9_.-]{0,252}[a-z0-9_])?");
    private static final Pattern NUMBER = Pattern.compile("\\d+|0x[0-9a-f]*");

    private Hosts() {}

    static String host(URI uri) throws EgressRefused {
        String host = uri.getHost();
        if (host == null) {
            throw new EgressRefused("the endpoint has no host, or one that is no valid name");
        }
        host = host.toLowerCase(Locale.ROOT);
        if (host.startsWith("[") && host.endsWith("]")) {
            host = host.substring(1, host.length() - 1);
        }
        return host.endsWith(".") ? host.substring(0, host.length() - 1) : host;
    }

    /** The address, or null if the host is a name. */
    static @Nullable InetAddress literal(String host) throws EgressRefused {
        if (host.indexOf(':') >= 0 || endsInNumber(host)) {
            try {
                return Addresses.parse(host);
            } catch (IllegalArgumentException e) {
                throw new EgressRefused(
                        "host '%s' is an IP address in an ambiguous form; write four decimal numbers"
                                .formatted(host));
            }
        }
        if (!NAME.matcher(host).matches()) {
            throw new EgressRefused("host '%s' is no valid name".formatted(host));
        }
        return null;
    }

    /** Whether browsers and resolvers may take it for an IPv4 address. Source: WHATWG URL, 3.5. */
    static boolean endsInNumber(String host) {
        return NUMBER.matcher(host.substring(host.lastIndexOf('.') + 1)).matches();
    }
}
