package dev.gantry.adapter.lambda;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/** A way to the services on which connections fall silent or break once a function is called. */
final class Proxy implements AutoCloseable {
    private final ServerSocket server;
    private final URI target;
    private final Kind kind;
    private final Duration after;
    private final List<Socket> sockets = new CopyOnWriteArrayList<>();

    enum Kind {
        /** What the services answer to a call is swallowed, and the connection stays. */
        SILENT,
        /** The connection ends. */
        CUT,
        /** All connections end, and no other comes about. */
        GONE
    }

    /**
     * @param after the first bytes of a call
     */
    Proxy(String endpoint, Kind kind, Duration after) {
        this.target = URI.create(endpoint);
        this.kind = kind;
        this.after = after;
        try {
            this.server = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
        Thread.ofVirtual().start(this::accept);
    }

    String endpoint() {
        return "http://127.0.0.1:" + server.getLocalPort();
    }

    private void accept() {
        try {
            while (true) {
                Socket client = server.accept();
                Socket service = new Socket(target.getHost(), target.getPort());
                sockets.add(client);
                sockets.add(service);
                Thread.ofVirtual().start(() -> new Pair(client, service).requests());
            }
        } catch (IOException e) {
            // Closed.
        }
    }

    private final class Pair {
        private final Socket client;
        private final Socket service;
        private volatile boolean called;

        Pair(Socket client, Socket service) {
            this.client = client;
            this.service = service;
        }

        void requests() {
            Thread.ofVirtual().start(this::answers);
            byte[] buffer = new byte[64 * 1024];
            try {
                InputStream in = client.getInputStream();
                OutputStream out = service.getOutputStream();
                for (int n = in.read(buffer); n >= 0; n = in.read(buffer)) {
                    boolean isCall =
                            new String(buffer, 0, n, StandardCharsets.ISO_8859_1)
                                    .contains("/invocations");
                    called |= isCall;
                    out.write(buffer, 0, n);
                    if (isCall && kind != Kind.SILENT) {
                        Thread.ofVirtual().start(this::cut);
                    }
                }
            } catch (IOException e) {
                // The other side has gone.
            }
        }

        private void answers() {
            byte[] buffer = new byte[64 * 1024];
            try {
                InputStream in = service.getInputStream();
                OutputStream out = client.getOutputStream();
                for (int n = in.read(buffer); n >= 0; n = in.read(buffer)) {
                    if (!called || kind != Kind.SILENT) {
                        out.write(buffer, 0, n);
                    }
                }
            } catch (IOException e) {
                // The other side has gone.
            }
        }

        private void cut() {
            try {
                Thread.sleep(after);
                if (kind == Kind.GONE) {
                    Proxy.this.close();
                }
                client.close();
            } catch (IOException e) {
                // It is closed, which is what was wanted.
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
    }

    @Override
    public void close() throws IOException {
        server.close();
        for (Socket socket : sockets) {
            socket.close();
        }
    }
}
