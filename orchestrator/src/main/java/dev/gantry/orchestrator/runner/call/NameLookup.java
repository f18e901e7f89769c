package dev.gantry.orchestrator.runner.call;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.List;

/** Finds the addresses of a host name. */
interface NameLookup extends AutoCloseable {
    /**
     * @throws UnknownHostException also if there is no answer in time
     */
    List<InetAddress> lookup(String host, Duration limit)
            throws UnknownHostException, InterruptedException;

    @Override
    default void close() {}
}
