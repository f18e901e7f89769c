package dev.gantry.orchestrator.execution;

import java.time.Duration;
import org.springframework.boot.web.server.context.WebServerApplicationContext;
import org.springframework.context.SmartLifecycle;

/**
 * When the server stops, lets calls under way end while the web server lets requests end. Both have
 * the time of one shutdown phase.
 */
final class Draining implements SmartLifecycle {
    private final ExecutionNode node;
    private final Duration atMost;
    private volatile boolean running;

    Draining(ExecutionNode node, Duration atMost) {
        this.node = node;
        this.atMost = atMost;
    }

    @Override
    public void start() {
        running = true;
    }

    @Override
    public void stop() {
        running = false;
        node.drain(atMost);
    }

    @Override
    public void stop(Runnable callback) {
        Thread.ofVirtual()
                .name("gantry-drain")
                .start(() -> {
                    try {
                        stop();
                    } finally {
                        callback.run();
                    }
                });
    }

    @Override
    public boolean isRunning() {
        return running;
    }

    @Override
    public int getPhase() {
        return WebServerApplicationContext.GRACEFUL_SHUTDOWN_PHASE;
    }
}
