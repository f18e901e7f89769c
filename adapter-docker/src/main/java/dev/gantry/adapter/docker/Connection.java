package dev.gantry.adapter.docker;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;

/** This node's connection to a container's streams, if there is one. */
final class Connection implements AutoCloseable {
    private final URI host;
    private final String container;
    private final Executor threads;
    private @Nullable Attachment attachment;
    private @Nullable Feed feed;

    Connection(URI host, String container, Executor threads) {
        this.host = host;
        this.container = container;
        this.threads = threads;
    }

    /** To be opened before the container starts. */
    void openWhole() throws IOException {
        begin(Attachment.whole(host, container), true);
    }

    private void begin(Attachment opened, boolean isWhole) {
        Feed begun = new Feed(isWhole);
        attachment = opened;
        feed = begun;
        threads.execute(() -> begun.receive(opened));
    }

    /** In the background; a program that ends without reading its input is no failure. */
    void send(byte[] input) {
        Attachment to = attachment;
        if (to != null) {
            threads.execute(() -> to.send(input));
        }
    }

    /** What comes; where nobody was there from the start, only the end of it is known. */
    @Nullable Feed feed() {
        if (feed == null) {
            try {
                begin(Attachment.rest(host, container), false);
            } catch (IOException e) {
                // It has ended, or is gone: the log tells what there is.
                return null;
            }
        }
        return feed;
    }

    @Override
    public void close() {
        try {
            if (attachment != null) {
                attachment.close();
            }
        } catch (IOException e) {
            throw new UncheckedIOException("a connection to the engine could not be closed", e);
        }
    }
}
