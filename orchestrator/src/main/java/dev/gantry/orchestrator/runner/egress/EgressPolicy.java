package dev.gantry.orchestrator.runner.egress;

import java.net.InetAddress;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What Gantry may connect to when a tenant's document says where. Only public addresses, unless
 * configuration allows more.
 *
 * <p>Names are checked by what they resolve to, so the caller must connect to one of the addresses
 * that {@link #reachable} returned and to no other: a name can mean something else a moment later.
 * A redirect is a new destination.
 */
public final class EgressPolicy {
    private final List<AllowRule> allow;
    private final boolean loopback;
    private final Set<Integer> ports;

    /**
     * @param loopback whether this machine may be reached if the settings don't say
     * @throws IllegalArgumentException naming the setting that cannot be read
     */
    public EgressPolicy(EgressSettings settings, boolean loopback) {
        List<AllowRule> rules = new ArrayList<>();
        for (String entry : settings.allow()) {
            try {
                rules.add(AllowRule.of(entry));
            } catch (IllegalArgumentException e) {
                throw new IllegalArgumentException(
                        "gantry.egress.allow has '%s': %s".formatted(entry, e.getMessage()), e);
            }
        }
        this.allow = List.copyOf(rules);
        Boolean own = settings.allowLoopback();
        this.loopback = own == null ? loopback : own;
        this.ports = Set.copyOf(settings.ports());
    }

    /** Reads a URI's destination; refuses what is clear without a look at the addresses. */
    public Destination destination(URI uri) throws EgressRefused {
        String scheme = uri.getScheme() == null ? "" : uri.getScheme().toLowerCase(Locale.ROOT);
        boolean secure = scheme.equals("https");
        if (!secure && !scheme.equals("http")) {
            throw new EgressRefused(
                    "the endpoint's scheme is '%s'; http or https expected".formatted(scheme));
        }
        if (uri.getRawUserInfo() != null) {
            throw new EgressRefused("the endpoint has user information before its host");
        }
        String host = Hosts.host(uri);
        int port = uri.getPort() >= 0 ? uri.getPort() : secure ? 443 : 80;
        if (port < 1 || port > 65_535) {
            throw new EgressRefused("port %d is none of 1 to 65535".formatted(port));
        }
        Destination to = new Destination(secure, host, port, Hosts.literal(host));
        InetAddress literal = to.literal();
        if (literal != null) {
            reachable(to, List.of(literal));
        }
        return to;
    }

    /**
     * Those of the addresses that may be connected to.
     *
     * @throws EgressRefused if there is none; it does not tell the addresses, which may be a secret
     *     of the network
     */
    public List<InetAddress> reachable(Destination to, List<InetAddress> resolved)
            throws EgressRefused {
        List<InetAddress> reachable = new ArrayList<>();
        String reason = null;
        for (InetAddress address : resolved) {
            String refusal = refusal(to, address);
            if (refusal == null) {
                reachable.add(address);
            } else {
                reason = refusal;
            }
        }
        if (reachable.isEmpty()) {
            throw new EgressRefused("%s:%d is refused: %s".formatted(to.host(), to.port(), reason));
        }
        return reachable;
    }

    private @Nullable String refusal(Destination to, InetAddress address) {
        InetAddress canonical = Addresses.canonical(address);
        Addresses.Kind kind = Addresses.kind(canonical);
        boolean opened = kind == Addresses.Kind.PUBLIC;
        boolean portOpened = ports.isEmpty() || ports.contains(to.port());
        for (AllowRule rule : allow) {
            if (rule.fits(to, canonical)) {
                opened |= kind != Addresses.Kind.METADATA || rule.namesExactly();
                portOpened |= rule.port() != null;
            }
        }
        opened |= kind == Addresses.Kind.LOOPBACK && loopback;
        if (!opened) {
            return "it is a %s address; gantry.egress.allow opens such".formatted(kind.label());
        }
        return portOpened ? null : "the port is none of gantry.egress.ports";
    }
}
