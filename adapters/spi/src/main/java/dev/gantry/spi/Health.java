package dev.gantry.spi;

/**
 * Whether the backend can be reached now.
 *
 * @param detail for people: the backend's version when connected, the reason when not
 */
public record Health(Status status, String detail) {
    public enum Status {
        CONNECTED,
        /** Starts that need this adapter are refused with {@link Health#detail} (BR-012). */
        DISCONNECTED
    }

    public static Health connected(String detail) {
        return new Health(Status.CONNECTED, detail);
    }

    public static Health disconnected(String detail) {
        return new Health(Status.DISCONNECTED, detail);
    }

    public boolean isConnected() {
        return status == Status.CONNECTED;
    }
}
