package dev.gantry.orchestrator.execution;

import dev.gantry.orchestrator.cluster.Node;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tells what went wrong with what a node does many times a second. While a database is away all of
 * it fails alike: a line now and then says so.
 */
final class Troubles {
    private static final Logger log = LoggerFactory.getLogger(Troubles.class);
    private static final Duration BETWEEN = Duration.ofSeconds(5);

    private final Node self;
    private final AtomicLong next = new AtomicLong(System.nanoTime());

    Troubles(Node self) {
        this.self = self;
    }

    /** False if one was told a moment ago. */
    boolean tell(RuntimeException trouble) {
        long now = System.nanoTime();
        long due = next.get();
        if (now - due < 0 || !next.compareAndSet(due, now + BETWEEN.toNanos())) {
            log.debug("node {}", self, trouble);
            return false;
        }
        log.warn("node {}: {}", self, trouble.toString());
        return true;
    }
}
