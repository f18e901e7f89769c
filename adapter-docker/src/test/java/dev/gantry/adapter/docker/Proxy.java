package dev.gantry.adapter.docker;

import java.io.Closeable;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;

/** A wire to the engine that can be cut. */
final class Proxy implements Closeable {
    private final ServerSocketChannel server;
    private final Set<SocketChannel> open = ConcurrentHashMap.newKeySet();
    private final String trigger;
    private final boolean dropReply;
    private final long cutAfterMillis;
    private final AtomicInteger fired = new AtomicInteger();
    private final AtomicInteger said = new AtomicInteger();
    private volatile boolean cut;

    /**
     * @param trigger part of the request line that sets the fault off
     * @param dropReply whether that request's reply is swallowed; otherwise everything is cut later
     */
    Proxy(String trigger, boolean dropReply, long cutAfterMillis) throws IOException {
        this.trigger = trigger;
        this.dropReply = dropReply;
        this.cutAfterMillis = cutAfterMillis;
        this.server =
                ServerSocketChannel.open()
                        .bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
        Thread.ofVirtual().start(this::accept);
    }

    String address() throws IOException {
        return "tcp://127.0.0.1:" + ((InetSocketAddress) server.getLocalAddress()).getPort();
    }

    private void accept() {
        while (server.isOpen()) {
            try {
                SocketChannel client = server.accept();
                if (cut) {
                    client.close();
                    continue;
                }
                SocketChannel engine = SocketChannel.open(StandardProtocolFamily.UNIX);
                engine.connect(UnixDomainSocketAddress.of("/var/run/docker.sock"));
                open.add(client);
                open.add(engine);
                boolean[] mute = new boolean[1];
                Thread.ofVirtual().start(() -> pump(client, engine, true, mute));
                Thread.ofVirtual().start(() -> pump(engine, client, false, mute));
            } catch (IOException e) {
                // Closed, or the engine is away: the client sees its connection end.
            }
        }
    }

    private void pump(SocketChannel from, SocketChannel to, boolean requests, boolean[] mute) {
        ByteBuffer buffer = ByteBuffer.allocate(64 * 1024);
        try {
            while (from.read(buffer) >= 0) {
                buffer.flip();
                if (requests
                        && StandardCharsets.ISO_8859_1
                                .decode(buffer.duplicate())
                                .toString()
                                .contains(trigger)) {
                    fire(mute);
                }
                if (!requests && mute[0]) {
                    Thread.sleep(200);
                    from.close();
                    to.close();
                    return;
                }
                while (buffer.hasRemaining()) {
                    to.write(buffer);
                }
                buffer.clear();
            }
            to.shutdownOutput();
            if (requests) {
                said.incrementAndGet();
            }
        } catch (IOException e) {
            // The other side is gone.
            close(from);
            close(to);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static void close(SocketChannel channel) {
        try {
            channel.close();
        } catch (IOException e) {
            // It is closed now, one way or the other.
        }
    }

    /** How often the trigger was seen. */
    int fired() {
        return fired.get();
    }

    /** How many clients have said all they have to say, as who gives a container its input. */
    int said() {
        return said.get();
    }

    private void fire(boolean[] mute) {
        fired.incrementAndGet();
        if (dropReply) {
            mute[0] = true;
            return;
        }
        Thread.ofVirtual()
                .start(() -> {
                    try {
                        Thread.sleep(cutAfterMillis);
                    } catch (InterruptedException e) {
                        Thread.currentThread().interrupt();
                    }
                    cut();
                });
    }

    void cut() {
        cut = true;
        for (SocketChannel channel : open) {
            close(channel);
        }
    }

    @Override
    public void close() throws IOException {
        server.close();
        cut();
    }
}
