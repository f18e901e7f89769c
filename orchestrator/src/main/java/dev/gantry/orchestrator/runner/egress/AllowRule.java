package dev.gantry.orchestrator.runner.egress;

import java.net.InetAddress;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * One entry of the allow list: {@code 10.1.0.0/16}, {@code 10.1.2.3:8080}, {@code [fd00::1]:443},
 * {@code billing.internal}, {@code *.internal:8443}.
 *
 * @param block of addresses, or null if the entry names hosts
 * @param host a name, or {@code .suffix} for all names below it; null if the entry names addresses
 * @param port null for every port
 */
record AllowRule(@Nullable AddressBlock block, @Nullable String host, @Nullable Integer port) {
    private static final Pattern BRACKETS = Pattern.compile("\\[([^]]+)](?::(\\d{1,5}))?");
    private static final Pattern PLAIN = Pattern.compile("([^:]+)(?::(\\d{1,5}))?");
    private static final Pattern NAME =
            Pattern.compile("(\\*\\.)?[a-z0-9_]([a-z0-9_.-]*[a-z0-9_])?");

    static AllowRule of(String text) {
        String entry = text.strip().toLowerCase(Locale.ROOT);
        Matcher brackets = BRACKETS.matcher(entry);
        if (brackets.matches()) {
            return new AllowRule(
                    AddressBlock.of(brackets.group(1)), null, port(text, brackets.group(2)));
        }
        Matcher plain = PLAIN.matcher(entry);
        if (!plain.matches()) {
            return new AllowRule(AddressBlock.of(entry), null, null);
        }
        String place = plain.group(1);
        Integer port = port(text, plain.group(2));
        if (place.indexOf('/') >= 0 || Hosts.endsInNumber(place)) {
            return new AllowRule(AddressBlock.of(place), null, port);
        }
        if (!NAME.matcher(place).matches()) {
            throw new IllegalArgumentException(
                    "'%s' is no address, block or host name".formatted(text));
        }
        return new AllowRule(null, place.startsWith("*") ? place.substring(1) : place, port);
    }

    private static @Nullable Integer port(String text, @Nullable String digits) {
        if (digits == null) {
            return null;
        }
        int port = Integer.parseInt(digits);
        if (port < 1 || port > 65_535) {
            throw new IllegalArgumentException("'%s' has no port of 1 to 65535".formatted(text));
        }
        return port;
    }

    boolean fits(Destination to, InetAddress canonical) {
        if (port != null && port != to.port()) {
            return false;
        }
        if (block != null) {
            return block.contains(canonical.getAddress());
        }
        return host != null
                && (host.startsWith(".") ? to.host().endsWith(host) : to.host().equals(host));
    }

    /** Credentials of the machine are never opened by a wide entry, or by who controls a name. */
    boolean namesExactly() {
        return block != null && block.isSingle();
    }
}
