package dev.gantry.orchestrator.runner.egress;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Arrays;
import java.util.List;
import java.util.regex.Pattern;

/**
 * Knows which addresses are public. Sources: the IANA special-purpose address registries for IPv4
 * and IPv6, and the metadata services of the large clouds.
 */
final class Addresses {
    /** Why an address is not public. */
    enum Kind {
        PUBLIC("public"),
        LOOPBACK("loopback"),
        LINK_LOCAL("link-local"),
        PRIVATE("private"),
        METADATA("cloud metadata"),
        MULTICAST("multicast"),
        UNSPECIFIED("unspecified"),
        RESERVED("reserved");

        private final String label;

        Kind(String label) {
            this.label = label;
        }

        String label() {
            return label;
        }
    }

    private record Range(Kind kind, AddressBlock block) {}

    private static final Pattern IPV4 =
            Pattern.compile(
                    "((25[0-5]|2[0-4]\\d|1\\d\\d|[1-9]?\\d)\\.){3}(25[0-5]|2[0-4]\\d|1\\d\\d|[1-9]?\\d)");

    private static final byte[] MAPPED = bytes("0000 0000 0000 0000 0000 ffff");
    private static final byte[] NAT64 = bytes("0064 ff9b 0000 0000 0000 0000");

    /** Looked at in this order; the first that fits tells the kind. */
    private static final List<Range> RANGES =
            List.of(
                    range(Kind.METADATA, "169.254.169.254"),
                    // Credentials of ECS tasks and EKS pods
                    range(Kind.METADATA, "169.254.170.2"),
                    range(Kind.METADATA, "169.254.170.23"),
                    range(Kind.METADATA, "fd00:ec2::254"),
                    range(Kind.METADATA, "fd00:ec2::23"),
                    // Google, Alibaba, Oracle, Azure
                    range(Kind.METADATA, "fd20:ce::254"),
                    range(Kind.METADATA, "100.100.100.200"),
                    range(Kind.METADATA, "192.0.0.192"),
                    range(Kind.METADATA, "168.63.129.16"),
                    range(Kind.UNSPECIFIED, "0.0.0.0/8"),
                    range(Kind.LOOPBACK, "127.0.0.0/8"),
                    range(Kind.LINK_LOCAL, "169.254.0.0/16"),
                    range(Kind.PRIVATE, "10.0.0.0/8"),
                    range(Kind.PRIVATE, "172.16.0.0/12"),
                    range(Kind.PRIVATE, "192.168.0.0/16"),
                    range(Kind.PRIVATE, "100.64.0.0/10"),
                    range(Kind.RESERVED, "192.0.0.0/24"),
                    range(Kind.RESERVED, "192.0.2.0/24"),
                    range(Kind.RESERVED, "192.88.99.0/24"),
                    range(Kind.RESERVED, "198.18.0.0/15"),
                    range(Kind.RESERVED, "198.51.100.0/24"),
                    range(Kind.RESERVED, "203.0.113.0/24"),
                    range(Kind.MULTICAST, "224.0.0.0/4"),
                    range(Kind.RESERVED, "240.0.0.0/4"),
                    range(Kind.UNSPECIFIED, "::"),
                    range(Kind.LOOPBACK, "::1"),
                    range(Kind.LINK_LOCAL, "fe80::/10"),
                    range(Kind.PRIVATE, "fc00::/7"),
                    range(Kind.PRIVATE, "fec0::/10"),
                    range(Kind.MULTICAST, "ff00::/8"),
                    // Teredo and other protocol assignments, documentation, 6to4, documentation
                    range(Kind.RESERVED, "2001::/23"),
                    range(Kind.RESERVED, "2001:db8::/32"),
                    range(Kind.RESERVED, "2002::/16"),
                    range(Kind.RESERVED, "3fff::/20"),
                    // Global unicast; what is left after it is unassigned
                    range(Kind.PUBLIC, "2000::/3"),
                    range(Kind.RESERVED, "::/0"));

    private Addresses() {}

    static Kind kind(InetAddress address) {
        byte[] canonical = canonical(address).getAddress();
        for (Range range : RANGES) {
            if (range.block().contains(canonical)) {
                return range.kind();
            }
        }
        return Kind.PUBLIC;
    }

    /** The IPv4 address inside an IPv4-mapped or NAT64 one: that is what is reached in the end. */
    static InetAddress canonical(InetAddress address) {
        byte[] bytes = address.getAddress();
        if (bytes.length == 16 && (startsWith(bytes, MAPPED) || startsWith(bytes, NAT64))) {
            return ofBytes(Arrays.copyOfRange(bytes, 12, 16));
        }
        return address;
    }

    /**
     * Reads four decimal numbers or an IPv6 address; none of the other forms that some resolvers
     * take, such as octal, hexadecimal and shortened ones.
     */
    static InetAddress parse(String literal) {
        boolean ipv6 = literal.indexOf(':') >= 0 && literal.indexOf('%') < 0;
        if (!ipv6 && !IPV4.matcher(literal).matches()) {
            throw new IllegalArgumentException("'%s' is no IP address".formatted(literal));
        }
        return InetAddress.ofLiteral(literal);
    }

    private static boolean startsWith(byte[] address, byte[] prefix) {
        return Arrays.equals(address, 0, prefix.length, prefix, 0, prefix.length);
    }

    private static InetAddress ofBytes(byte[] bytes) {
        try {
            return InetAddress.getByAddress(bytes);
        } catch (UnknownHostException e) {
            throw new IllegalArgumentException("%d bytes".formatted(bytes.length), e);
        }
    }

    private static Range range(Kind kind, String block) {
        return new Range(kind, AddressBlock.of(block));
    }

    private static byte[] bytes(String hex) {
        return java.util.HexFormat.of().parseHex(hex.replace(" ", ""));
    }
}
