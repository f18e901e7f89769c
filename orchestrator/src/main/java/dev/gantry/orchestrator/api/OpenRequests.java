package dev.gantry.orchestrator.api;

import dev.gantry.orchestrator.problem.ProblemCode;
import dev.gantry.orchestrator.problem.Refusal;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;
import org.springframework.context.SmartLifecycle;
import org.springframework.stereotype.Component;

/**
 * The requests that stay open: streams, whose number is limited, and starts that wait for a result.
 * When the server stops they are interrupted, so that it need not wait for them.
 */
@Component
final class OpenRequests implements SmartLifecycle {
    private final Set<Thread> open = ConcurrentHashMap.newKeySet();
    private final Semaphore streams;
    private final int maxStreams;
    private volatile boolean running;
    private volatile boolean stopping;

    OpenRequests(ApiSettings settings) {
        this.maxStreams = settings.maxStreams();
        this.streams = new Semaphore(maxStreams);
    }

    /** Ends with the request. */
    interface Ticket extends AutoCloseable {
        @Override
        void close();
    }

    /** For a request that waits. */
    Ticket waiting() {
        Thread thread = Thread.currentThread();
        open.add(thread);
        if (stopping) {
            thread.interrupt();
        }
        return () -> open.remove(thread);
    }

    /** For a request that streams; refused beyond the limit. */
    Ticket streaming() {
        if (!streams.tryAcquire()) {
            throw new Refusal(
                    ProblemCode.TOO_MANY_STREAMS,
                    "All %d streams of this server are open; close some or try again later."
                            .formatted(maxStreams));
        }
        Ticket waiting = waiting();
        return () -> {
            waiting.close();
            streams.release();
        };
    }

    @Override
    public void start() {
        stopping = false;
        running = true;
    }

    @Override
    public void stop() {
        running = false;
        stopping = true;
        open.forEach(Thread::interrupt);
    }

    @Override
    public boolean isRunning() {
        return running;
    }

    /** Stops before the web server, which waits for open requests. */
    @Override
    public int getPhase() {
        return DEFAULT_PHASE;
    }
}
