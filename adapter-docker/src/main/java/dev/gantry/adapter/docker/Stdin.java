package dev.gantry.adapter.docker;

import java.io.Closeable;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.StandardProtocolFamily;
import java.net.URI;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;

/**
 * A container's standard input. The transport cannot close its side of a connection alone, which is
 * how a program learns that its input is over; so this speaks to the engine itself.
 */
final class Stdin implements Closeable {
    private static final int LONGEST_HEAD = 16 * 1024;

    private final SocketChannel channel;

    private Stdin(SocketChannel channel) {
        this.channel = channel;
    }

    /** To be opened before the container starts. */
    static Stdin attach(URI host, String container) throws IOException {
        SocketChannel channel = connect(host);
        try {
            String request =
                    """
                    POST /containers/%s/attach?stdin=1&stream=1 HTTP/1.1\r
                    Host: docker\r
                    Connection: Upgrade\r
                    Upgrade: tcp\r
                    Content-Length: 0\r
                    \r
                    """
                            .formatted(container);
            write(channel, request.getBytes(StandardCharsets.US_ASCII));
            String answer = head(channel);
            if (!answer.startsWith("HTTP/1.1 101") && !answer.startsWith("HTTP/1.1 200")) {
                throw new IOException(
                        "the engine refuses standard input: "
                                + answer.lines().findFirst().orElse(""));
            }
            return new Stdin(channel);
        } catch (IOException e) {
            channel.close();
            throw e;
        }
    }

    private static SocketChannel connect(URI host) throws IOException {
        if ("unix".equals(host.getScheme())) {
            SocketChannel channel = SocketChannel.open(StandardProtocolFamily.UNIX);
            channel.connect(UnixDomainSocketAddress.of(host.getPath()));
            return channel;
        }
        return SocketChannel.open(new InetSocketAddress(host.getHost(), host.getPort()));
    }

    private static String head(SocketChannel channel) throws IOException {
        StringBuilder head = new StringBuilder();
        ByteBuffer one = ByteBuffer.allocate(1);
        while (head.indexOf("\r\n\r\n") < 0 && head.length() < LONGEST_HEAD) {
            one.clear();
            if (channel.read(one) < 0) {
                throw new IOException("the engine closed the connection");
            }
            head.append((char) one.get(0));
        }
        return head.toString();
    }

    /** Blocks while the program does not read; to be called once it runs. */
    void send(byte[] bytes) throws IOException {
        write(channel, bytes);
        channel.shutdownOutput();
    }

    private static void write(SocketChannel channel, byte[] bytes) throws IOException {
        ByteBuffer buffer = ByteBuffer.wrap(bytes);
        while (buffer.hasRemaining()) {
            channel.write(buffer);
        }
    }

    /** Input that is not read by now is never read. */
    @Override
    public void close() throws IOException {
        channel.close();
    }
}
