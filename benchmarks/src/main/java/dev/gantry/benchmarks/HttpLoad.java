package dev.gantry.benchmarks;

import java.io.IOException;
import java.time.Duration;

/** Closed-loop load over HTTP, from a process of its own. */
interface HttpLoad extends AutoCloseable {
    Load.Result closed(Request request, int connections, Duration time) throws Exception;

    /** What it is, for who reads the figures. */
    String name();

    @Override
    void close() throws IOException;

    /** wrk, where it is installed; {@code -Dclient=own} for the other one. */
    static HttpLoad open() throws IOException {
        return !System.getProperty("client", "").equals("own") && Wrk.isThere()
                ? new Wrk()
                : ClientProcess.start();
    }
}
