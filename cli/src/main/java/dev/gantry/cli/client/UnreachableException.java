package dev.gantry.cli.client;

import java.net.URI;

/** No server answered, or the connection broke. */
public final class UnreachableException extends RuntimeException {
    private static final long serialVersionUID = 1L;
    private final URI server;

    UnreachableException(URI server, String reason, Throwable cause) {
        super(reason, cause);
        this.server = server;
    }

    public URI server() {
        return server;
    }
}
