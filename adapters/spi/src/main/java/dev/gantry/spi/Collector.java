package dev.gantry.spi;

import java.io.IOException;
import java.io.InputStream;

/**
 * Takes what a finished attempt left: the rest of its logs, and its output files. It is the cursor
 * too: what was stored before an interruption is not asked for again.
 */
public interface Collector extends LogSink {
    /**
     * Whether the file should be sent. False if it is stored already, or would exceed the attempt's
     * {@code maxArtifactBytes}; the collector records what it refused.
     *
     * @param path relative to the output folder, {@code /} between parts, no {@code ..}
     */
    boolean wants(String path, long sizeBytes);

    /** Stores one file; reads the stream to its end and does not close it. */
    void artifact(String path, long sizeBytes, InputStream content) throws IOException;
}
