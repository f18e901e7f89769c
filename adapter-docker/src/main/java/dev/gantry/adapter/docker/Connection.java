package dev.gantry.adapter.docker;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;

/** This node's connections to a container's streams, as far as there are any. */
final class Connection implements AutoCloseable {
    private final URI host;
    private final String container;
    private final Executor threads;
    private final List<Attachment> open = new ArrayList<>();
    private @Nullable Feed feed;
    private boolean isClosed;

    Connection(URI host, String container, Executor threads) {
        this.host = host;
        this.container = container;
        this.threads = threads;
    }

    /** To be opened before the container starts. */
    void openWhole() throws IOException {
        begin(true);
    }

    private void begin(boolean isWhole) throws IOException {
        Attachment opened = keep(Attachment.output(host, container));
        Feed begun = new Feed(isWhole);
        feed = begun;
        threads.execute(() -> begun.receive(opened));
    }

    private synchronized Attachment keep(Attachment opened) throws IOException {
        if (isClosed) {
            opened.close();
        } else {
            open.add(opened);
        }
        return opened;
    }

    /**
     * Offers a program that has started its input, in the background: what the process that started
     * it has given is not taken again, and if it gave nothing, this is it. A program that ends
     * without reading is no failure.
     */
    void offer(byte[] input) {
        threads.execute(() -> {
            try {
                keep(Attachment.input(host, container)).send(input);
            } catch (IOException e) {
                // It has ended, or is gone.
            }
        });
    }

    /** What comes; where nobody was there from the start, only the end of it is known. */
    @Nullable Feed feed() {
        if (feed == null) {
            try {
                begin(false);
            } catch (IOException e) {
                // It has ended, or is gone: the log tells what there is.
                return null;
            }
        }
        return feed;
    }

    @Override
    public synchronized void close() {
        isClosed = true;
        for (Attachment one : open) {
            try {
                one.close();
            } catch (IOException e) {
                throw new UncheckedIOException("a connection to the engine could not be closed", e);
            }
        }
    }
}
