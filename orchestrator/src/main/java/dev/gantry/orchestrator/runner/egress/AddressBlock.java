package dev.gantry.orchestrator.runner.egress;

import java.net.InetAddress;

/** A CIDR block of IPv4 or IPv6 addresses. */
record AddressBlock(byte[] prefix, int bits) {

    /**
     * @param text {@code 10.0.0.0/8}, {@code fd00::/8}, or one address
     * @throws IllegalArgumentException if it is none of these
     */
    static AddressBlock of(String text) {
        int slash = text.indexOf('/');
        InetAddress address =
                Addresses.canonical(Addresses.parse(slash < 0 ? text : text.substring(0, slash)));
        int most = address.getAddress().length * Byte.SIZE;
        int bits = slash < 0 ? most : Integer.parseInt(text, slash + 1, text.length(), 10);
        if (bits < 0 || bits > most) {
            throw new IllegalArgumentException(
                    "'%s' has %d bits, 0 to %d expected".formatted(text, bits, most));
        }
        return new AddressBlock(address.getAddress(), bits);
    }

    boolean isSingle() {
        return bits == prefix.length * Byte.SIZE;
    }

    boolean contains(byte[] address) {
        if (address.length != prefix.length) {
            return false;
        }
        int whole = bits / Byte.SIZE;
        for (int i = 0; i < whole; i++) {
            if (address[i] != prefix[i]) {
                return false;
            }
        }
        int rest = bits % Byte.SIZE;
        int mask = 0xff << (Byte.SIZE - rest);
        return rest == 0 || (address[whole] & mask) == (prefix[whole] & mask);
    }
}
