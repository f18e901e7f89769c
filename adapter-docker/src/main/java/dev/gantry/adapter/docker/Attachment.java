package dev.gantry.adapter.docker;

import dev.gantry.spi.LogSink.Stream;
import java.io.Closeable;
import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetSocketAddress;
import java.net.StandardProtocolFamily;
import java.net.URI;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;

/**
 * A container's standard streams, byte by byte: the engine's log keeps lines, and forgets whether a
 * long one had an end. The transport cannot close its side of a connection alone, which is how a
 * program learns that its input is over; so this speaks to the engine itself.
 */
final class Attachment implements Closeable {
    private static final int LONGEST_HEAD = 16 * 1024;
    private static final int PIECE = 64 * 1024;

    private final SocketChannel channel;
    private final Reader reader;

    private Attachment(SocketChannel channel) {
        this.channel = channel;
        this.reader = new Reader(channel);
    }

    /** What it prints from now on: all of it, if it has not started. */
    static Attachment output(URI host, String container) throws IOException {
        return open(host, container, "stdout=1&stderr=1");
    }

    /**
     * Its input, which the engine takes once, from the first that ends; to be opened when it has
     * started. One that is broken off before that would leave nothing for the next.
     */
    static Attachment input(URI host, String container) throws IOException {
        return open(host, container, "stdin=1");
    }

    private static Attachment open(URI host, String container, String streams) throws IOException {
        SocketChannel channel = connect(host);
        try {
            String request =
                    """
                    POST /containers/%s/attach?%s&stream=1 HTTP/1.1\r
                    Host: docker\r
                    Connection: Upgrade\r
                    Upgrade: tcp\r
                    Content-Length: 0\r
                    \r
                    """
                            .formatted(container, streams);
            write(channel, request.getBytes(StandardCharsets.US_ASCII));
            Attachment attachment = new Attachment(channel);
            String answer = attachment.head();
            if (!answer.startsWith("HTTP/1.1 101") && !answer.startsWith("HTTP/1.1 200")) {
                throw new IOException(
                        "the engine refuses the container's streams: "
                                + answer.lines().findFirst().orElse(""));
            }
            return attachment;
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

    private String head() throws IOException {
        StringBuilder head = new StringBuilder();
        while (head.indexOf("\r\n\r\n") < 0 && head.length() < LONGEST_HEAD) {
            int next = reader.read();
            if (next < 0) {
                throw new IOException("the engine closed the connection");
            }
            head.append((char) next);
        }
        return head.toString();
    }

    /**
     * Blocks while the program does not read; to be called once it runs. A program that ends
     * without reading its input is no failure.
     */
    void send(byte[] bytes) {
        try {
            write(channel, bytes);
            channel.shutdownOutput();
        } catch (IOException e) {
            // Nobody reads it any more. What the program prints still comes.
        }
    }

    private static void write(SocketChannel channel, byte[] bytes) throws IOException {
        ByteBuffer buffer = ByteBuffer.wrap(bytes);
        while (buffer.hasRemaining()) {
            channel.write(buffer);
        }
    }

    interface Taker {
        void take(Stream stream, byte[] bytes) throws IOException;
    }

    /** Returns when the container has ended; fails if the connection breaks within a frame. */
    void receive(Taker taker) throws IOException {
        frames(reader, taker);
    }

    /** The engine's frames: which stream, how many bytes, the bytes. */
    static void frames(InputStream from, Taker taker) throws IOException {
        DataInputStream in = new DataInputStream(from);
        while (true) {
            int stream = in.read();
            if (stream < 0) {
                return;
            }
            in.skipNBytes(3);
            int left = in.readInt();
            do {
                byte[] bytes = in.readNBytes(Math.min(left, PIECE));
                left -= bytes.length;
                if (bytes.length == 0 && left > 0) {
                    throw new EOFException("the stream ended within a frame");
                }
                taker.take(stream == 2 ? Stream.STDERR : Stream.STDOUT, bytes);
            } while (left > 0);
        }
    }

    private static final class Reader extends InputStream {
        private final SocketChannel channel;
        private final ByteBuffer buffer = ByteBuffer.allocate(PIECE).limit(0);

        Reader(SocketChannel channel) {
            this.channel = channel;
        }

        private boolean isOver() throws IOException {
            if (!buffer.hasRemaining()) {
                buffer.clear();
                int count = channel.read(buffer);
                buffer.flip();
                return count < 0;
            }
            return false;
        }

        @Override
        public int read() throws IOException {
            return isOver() ? -1 : buffer.get() & 0xff;
        }

        @Override
        public int read(byte[] into, int offset, int length) throws IOException {
            if (length == 0) {
                return 0;
            }
            if (isOver()) {
                return -1;
            }
            int count = Math.min(length, buffer.remaining());
            buffer.get(into, offset, count);
            return count;
        }
    }

    /** Input that is not read by now is never read. */
    @Override
    public void close() throws IOException {
        channel.close();
    }
}
