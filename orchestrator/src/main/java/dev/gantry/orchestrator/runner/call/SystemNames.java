package dev.gantry.orchestrator.runner.call;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * Asks the operating system. On a few threads of its own: a look-up blocks in native code, where a
 * virtual thread would hold its carrier, and a slow DNS server could stop all of them.
 */
final class SystemNames implements NameLookup {
    private static final int THREADS = 8;
    private static final int MOST_WAITING = 1_000;

    private final ThreadPoolExecutor threads =
            new ThreadPoolExecutor(
                    THREADS,
                    THREADS,
                    30,
                    TimeUnit.SECONDS,
                    new LinkedBlockingQueue<>(MOST_WAITING),
                    Thread.ofPlatform().daemon().name("gantry-dns-", 0).factory());

    SystemNames() {
        threads.allowCoreThreadTimeOut(true);
    }

    @Override
    public List<InetAddress> lookup(String host, Duration limit)
            throws UnknownHostException, InterruptedException {
        Future<InetAddress[]> found;
        try {
            found = threads.submit(() -> InetAddress.getAllByName(host));
        } catch (RejectedExecutionException e) {
            throw failure("too many names are being looked up", e);
        }
        try {
            return List.of(found.get(limit.toNanos(), TimeUnit.NANOSECONDS));
        } catch (ExecutionException e) {
            throw failure("the name is unknown", e);
        } catch (TimeoutException e) {
            throw failure("no answer within " + limit, e);
        } finally {
            found.cancel(false);
        }
    }

    private static UnknownHostException failure(String message, Exception cause) {
        UnknownHostException failure = new UnknownHostException(message);
        failure.initCause(cause);
        return failure;
    }

    @Override
    public void close() {
        threads.shutdownNow();
    }
}
